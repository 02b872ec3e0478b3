package dev.cloche.values;

import dev.cloche.values.AlgebraicType.Element;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.AlgebraicType.Sum;
import dev.cloche.values.AlgebraicType.Variant;
import java.util.List;
import java.util.Optional;

/**
 * Types with a meaning of their own, which are known by their structure alone: the exact names and types of their parts
 * (facts, specification A, section 2.2).
 */
public enum SpecialType {
    /** {@link dev.cloche.values.Identity}. */
    IDENTITY("Identity", wrap("__identity__", Primitive.U256)),
    /** {@link dev.cloche.values.ConnectionId}. */
    CONNECTION_ID("ConnectionId", wrap("__connection_id__", Primitive.U128)),
    /** {@link dev.cloche.values.Timestamp}, in microseconds. */
    TIMESTAMP("Timestamp", wrap("__timestamp_micros_since_unix_epoch__", Primitive.I64)),
    /** {@link dev.cloche.values.TimeDuration}, in microseconds. */
    TIME_DURATION("TimeDuration", wrap("__time_duration_micros__", Primitive.I64)),
    /** The number of a UUID, whose most significant byte is its first. */
    UUID("Uuid", wrap("__uuid__", Primitive.U128)),
    /** When a scheduled function runs: after each interval, or once. */
    SCHEDULE_AT("ScheduleAt", new Sum(List.of(Variant.of("Interval", TIME_DURATION.type), Variant.of("Time", TIMESTAMP.type))));

    private final String label;
    private final AlgebraicType type;

    SpecialType(String label, AlgebraicType type) {
        this.label = label;
        this.type = type;
    }

    /** Its name in messages and bindings. */
    public String label() {
        return label;
    }

    /** Its structure. */
    public AlgebraicType type() {
        return type;
    }

    /** The special type of this structure, if there is one. */
    public static Optional<SpecialType> of(AlgebraicType type) {
        for (SpecialType special : values()) {
            if (special.type.equals(type)) {
                return Optional.of(special);
            }
        }
        return Optional.empty();
    }

    /** A type that may be absent. */
    public static Sum option(AlgebraicType some) {
        return new Sum(List.of(Variant.of("some", some), Variant.of("none", Product.UNIT)));
    }

    /** A type that is either of two. */
    public static Sum result(AlgebraicType ok, AlgebraicType err) {
        return new Sum(List.of(Variant.of("ok", ok), Variant.of("err", err)));
    }

    /** What an option may hold, if this is one. */
    public static Optional<AlgebraicType> optional(AlgebraicType type) {
        return isPair(type, "some", "none") && ((Sum) type).variants().get(1).type().equals(Product.UNIT)
                ? Optional.of(((Sum) type).variants().getFirst().type())
                : Optional.empty();
    }

    /** Whether it is a result: either {@code ok} or {@code err}. */
    public static boolean isResult(AlgebraicType type) {
        return isPair(type, "ok", "err");
    }

    private static boolean isPair(AlgebraicType type, String first, String second) {
        return type instanceof Sum(List<Variant> variants)
                && variants.size() == 2
                && variants.getFirst().name().equals(Optional.of(first))
                && variants.get(1).name().equals(Optional.of(second));
    }

    private static Product wrap(String name, Primitive type) {
        return new Product(List.of(Element.of(name, type)));
    }
}
