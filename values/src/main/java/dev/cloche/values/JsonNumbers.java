package dev.cloche.values;

import java.math.BigDecimal;

/** Floats as JSON: few digits that mean the same float, always with a point or an exponent; empty for NaN and infinity. */
final class JsonNumbers {
    private JsonNumbers() {}

    static String of(double value) {
        return Double.isFinite(value) ? plain(Double.toString(value), 16) : "";
    }

    static String of(float value) {
        return Float.isFinite(value) ? plain(Float.toString(value), 13) : "";
    }

    /** Java writes an exponent from 10^7 on and below 10^-3; here it begins at {@code digits} places and below 10^-5. */
    private static String plain(String java, int digits) {
        if (java.indexOf('E') < 0) {
            return java;
        }
        BigDecimal number = new BigDecimal(java).stripTrailingZeros();
        int places = number.precision() - number.scale();
        if (places > digits || places <= -5) {
            String mantissa = number.scaleByPowerOfTen(1 - places).toPlainString();
            return mantissa + "e" + (places - 1);
        }
        String text = number.toPlainString();
        return text.indexOf('.') < 0 ? text + ".0" : text;
    }
}
