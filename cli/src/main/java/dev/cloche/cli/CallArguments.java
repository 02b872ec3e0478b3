package dev.cloche.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.cloche.schema.ModuleSchema;
import dev.cloche.values.AlgebraicType;
import dev.cloche.values.AlgebraicType.Element;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.SatsJson;
import dev.cloche.values.SpecialType;
import dev.cloche.values.TypeText;
import dev.cloche.values.ValueException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Words of a command line as arguments of a reducer or procedure: JSON, but text and identities need no quotes. */
final class CallArguments {
    private CallArguments() {}

    /** The JSON array for this function. */
    static byte[] json(ModuleSchema module, String function, List<String> words) {
        Product parameters = module.reducer(function).map(ModuleSchema.Reducer::parameters)
                .or(() -> module.procedure(function).map(ModuleSchema.Procedure::parameters))
                .orElseThrow(() -> CommandFailure.of(ExitStatus.NOT_FOUND, "There is no reducer or procedure '" + function + "'; there are " + known(module) + "."));
        if (parameters.elements().size() != words.size()) {
            throw CommandFailure.of(ExitStatus.INVALID, function + " takes " + signature(parameters) + ", not " + words.size() + (words.size() == 1 ? " argument." : " arguments."));
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < words.size(); i++) {
            Element parameter = parameters.elements().get(i);
            list.add(value(parameter.name().orElse("argument " + (i + 1)), module.database().typespace().resolve(parameter.type()), words.get(i)));
        }
        return list.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static JsonNode value(String name, AlgebraicType type, String word) {
        if (type == Primitive.STRING && !word.startsWith("\"")) {
            return TextNode.valueOf(word);
        }
        if (SpecialType.of(type).equals(Optional.of(SpecialType.IDENTITY)) && word.matches("(0x)?[0-9a-fA-F]{64}")) {
            return JsonNodeFactory.instance.objectNode().put("__identity__", word.startsWith("0x") ? word : "0x" + word);
        }
        try {
            return SatsJson.tree(word, name);
        } catch (ValueException e) {
            throw CommandFailure.of(ExitStatus.INVALID, e.getMessage() + " for " + TypeText.of(type) + " (from '" + word + "')");
        }
    }

    /** The parameters as people read them. */
    static String signature(Product parameters) {
        return parameters.elements().stream().map(one -> one.name().orElse("_") + ": " + TypeText.of(one.type())).collect(Collectors.joining(", ", "(", ")"));
    }

    private static String known(ModuleSchema module) {
        List<String> names = module.reducers().stream().filter(ModuleSchema.Reducer::callable).map(ModuleSchema.Reducer::name).toList();
        return names.isEmpty() ? "none" : String.join(", ", names);
    }
}
