package dev.cloche.tables;

import dev.cloche.tables.SqlSyntax.Literal;
import dev.cloche.values.AlgebraicType;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.AlgebraicType.Sum;
import dev.cloche.values.BsatnWriter;
import dev.cloche.values.SpecialType;
import dev.cloche.values.Timestamp;
import dev.cloche.values.TypeText;
import dev.cloche.values.Typespace;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Gives literals the type of the column that they are compared with or stored in. */
final class SqlLiterals {
    /** Larger exponents are refused: ten characters must not become a gigabyte of digits. */
    private static final int LARGEST_EXPONENT = 400;

    private final Typespace types;
    private final SqlCaller caller;
    private boolean usedSender;

    SqlLiterals(Typespace types, SqlCaller caller) {
        this.types = types;
        this.caller = caller;
    }

    /** Whether {@code :sender} was among them. */
    boolean usedSender() {
        return usedSender;
    }

    /** The BSATN of a literal as a value of a column. */
    byte[] encode(AlgebraicType declared, Literal literal) {
        AlgebraicType type = types.resolve(declared);
        Optional<AlgebraicType> some = SpecialType.optional(type);
        BsatnWriter writer = new BsatnWriter();
        if (some.isPresent()) {
            return writer.writeU8(0).writeRaw(encode(some.get(), literal)).toArray();
        }
        if (literal.form() == Literal.Form.SENDER) {
            sender(type, literal, writer);
        } else if (type instanceof Primitive primitive) {
            primitive(primitive, literal, writer);
        } else if (SpecialType.of(type).isPresent()) {
            special(SpecialType.of(type).get(), literal, writer);
        } else if (type instanceof AlgebraicType.Array(AlgebraicType element) && types.resolve(element) == Primitive.U8) {
            writer.writeBytes(hex(type, literal, -1));
        } else if (type instanceof Sum(List<AlgebraicType.Variant> variants)) {
            writer.writeU8(variant(type, variants, literal));
        } else {
            throw wrong(type, literal);
        }
        return writer.toArray();
    }

    private void sender(AlgebraicType type, Literal literal, BsatnWriter writer) {
        usedSender = true;
        if (!SpecialType.of(type).equals(Optional.of(SpecialType.IDENTITY))) {
            throw new SqlException(":sender is an Identity and the column is " + TypeText.of(type) + ".", literal.position());
        }
        caller.identity().write(writer);
    }

    private static SqlException wrong(AlgebraicType type, Literal literal) {
        String advice =
                switch (literal.form()) {
                    case TEXT, HEX, NUMBER, BOOL, SENDER -> SpecialType.of(type).map(SqlLiterals::advice).orElse("");
                };
        return new SqlException(
                "The literal expression `" + literal.shown() + "` cannot be parsed as type `" + TypeText.of(type) + "`" + advice, literal.position());
    }

    private static String advice(SpecialType special) {
        return switch (special) {
            case IDENTITY -> "; write 64 hexadecimal digits after 0x, or :sender.";
            case CONNECTION_ID -> "; write 32 hexadecimal digits after 0x.";
            case TIMESTAMP -> "; write it as '2026-01-31T12:00:00Z'.";
            case UUID -> "; write it as '01888d6e-5c00-7000-8000-000000000001'.";
            case TIME_DURATION -> "; write its microseconds.";
            case SCHEDULE_AT -> "; it has no literal.";
        };
    }

    private static void primitive(Primitive type, Literal literal, BsatnWriter writer) {
        switch (type) {
            case STRING -> {
                require(literal.form() == Literal.Form.TEXT, type, literal);
                writer.writeString(literal.text());
            }
            case BOOL -> {
                require(literal.form() == Literal.Form.BOOL, type, literal);
                writer.writeBool(literal.text().equals("true"));
            }
            case F32, F64 -> {
                require(literal.form() == Literal.Form.NUMBER, type, literal);
                if (type == Primitive.F32) {
                    writer.writeF32(Float.parseFloat(literal.text()));
                } else {
                    writer.writeF64(Double.parseDouble(literal.text()));
                }
            }
            case I8, U8, I16, U16, I32, U32, I64, U64, I128, U128, I256, U256 -> writer.writeInteger(type, integer(type, type, literal));
        }
    }

    private static void require(boolean holds, AlgebraicType type, Literal literal) {
        if (!holds) {
            throw wrong(type, literal);
        }
    }

    private static BigInteger integer(Primitive range, AlgebraicType shown, Literal literal) {
        require(literal.form() == Literal.Form.NUMBER, shown, literal);
        BigInteger value;
        try {
            BigDecimal number = new BigDecimal(literal.text());
            require(Math.abs((long) number.scale()) <= LARGEST_EXPONENT, shown, literal);
            value = number.toBigIntegerExact();
        } catch (ArithmeticException | NumberFormatException e) {
            throw wrong(shown, literal);
        }
        boolean signed =
                switch (range) {
                    case I8, I16, I32, I64, I128, I256 -> true;
                    case U8, U16, U32, U64, U128, U256, STRING, BOOL, F32, F64 -> false;
                };
        int bits = range.bytes() * 8;
        boolean fits = signed ? value.bitLength() < bits : value.signum() >= 0 && value.bitLength() <= bits;
        require(fits, shown, literal);
        return value;
    }

    private static void special(SpecialType special, Literal literal, BsatnWriter writer) {
        switch (special) {
            case IDENTITY -> writer.writeRaw(reversed(hex(special.type(), literal, 32)));
            case CONNECTION_ID -> writer.writeRaw(reversed(hex(special.type(), literal, 16)));
            case TIMESTAMP -> {
                if (literal.form() == Literal.Form.NUMBER) {
                    writer.writeInteger(Primitive.I64, integer(Primitive.I64, special.type(), literal));
                } else {
                    time(literal).write(writer);
                }
            }
            case TIME_DURATION -> writer.writeInteger(Primitive.I64, integer(Primitive.I64, special.type(), literal));
            case UUID -> {
                require(literal.form() == Literal.Form.TEXT && literal.text().length() == 36, special.type(), literal);
                try {
                    UUID uuid = UUID.fromString(literal.text());
                    writer.writeU64(uuid.getLeastSignificantBits()).writeU64(uuid.getMostSignificantBits());
                } catch (IllegalArgumentException e) {
                    throw wrong(special.type(), literal);
                }
            }
            case SCHEDULE_AT -> throw wrong(special.type(), literal);
        }
    }

    private static Timestamp time(Literal literal) {
        require(literal.form() == Literal.Form.TEXT, SpecialType.TIMESTAMP.type(), literal);
        String text = literal.text().replace(' ', 'T');
        try {
            return Timestamp.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException | ArithmeticException withoutZone) {
            try {
                Instant instant = LocalDateTime.parse(text.contains("T") ? text : text + "T00:00:00").toInstant(ZoneOffset.UTC);
                return Timestamp.of(instant);
            } catch (DateTimeException | ArithmeticException e) {
                throw wrong(SpecialType.TIMESTAMP.type(), literal);
            }
        }
    }

    /** Of a hexadecimal literal, or of text that holds the digits. */
    private static byte[] hex(AlgebraicType type, Literal literal, int bytes) {
        require(literal.form() == Literal.Form.HEX || literal.form() == Literal.Form.TEXT, type, literal);
        String digits = literal.form() == Literal.Form.TEXT && literal.text().startsWith("0x") ? literal.text().substring(2) : literal.text();
        try {
            byte[] parsed = HexFormat.of().parseHex(digits);
            require(bytes < 0 || parsed.length == bytes, type, literal);
            return parsed;
        } catch (IllegalArgumentException e) {
            throw wrong(type, literal);
        }
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] result = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            result[i] = bytes[bytes.length - 1 - i];
        }
        return result;
    }

    private int variant(AlgebraicType type, List<AlgebraicType.Variant> variants, Literal literal) {
        require(literal.form() == Literal.Form.TEXT, type, literal);
        for (int tag = 0; tag < variants.size(); tag++) {
            AlgebraicType.Variant variant = variants.get(tag);
            if (variant.name().equals(Optional.of(literal.text())) && types.resolve(variant.type()).equals(Product.UNIT)) {
                return tag;
            }
        }
        throw wrong(type, literal);
    }
}
