package dev.cloche.wasm;

import java.util.List;

/** The signature of a function. */
public record FunctionType(List<ValueType> parameters, List<ValueType> results) implements ExternType {
    /** A signature of these. */
    public FunctionType {
        parameters = List.copyOf(parameters);
        results = List.copyOf(results);
    }

    /** A function of these parameters without result. */
    public static FunctionType of(ValueType... parameters) {
        return new FunctionType(List.of(parameters), List.of());
    }

    /** The same parameters with these results. */
    public FunctionType returning(ValueType... types) {
        return new FunctionType(parameters, List.of(types));
    }

    /** Whether all its values can cross between host and guest. */
    public boolean crosses() {
        return parameters.stream().allMatch(ValueType::crosses) && results.stream().allMatch(ValueType::crosses);
    }

    /** As the text format writes it: {@code (func (param i32 i64) (result i32))}. */
    @Override
    public String text() {
        return "(func" + side("param", parameters) + side("result", results) + ")";
    }

    private static String side(String word, List<ValueType> types) {
        return types.isEmpty() ? "" : " (" + word + " " + String.join(" ", types.stream().map(ValueType::text).toList()) + ")";
    }
}
