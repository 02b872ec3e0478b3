package dev.cloche.packages;

import java.util.List;
import java.util.Locale;

/** The forms of the simple index, chosen by {@code Accept} with its quality values (RFC 9110, section 12.5.1). */
enum SimpleFormat {
    /** PEP 503 under the media type that every client takes; the form for those who say nothing. */
    PLAIN_HTML("text/html; charset=utf-8", "text/html"),
    /** PEP 503 under its own media type. */
    HTML(SimpleHtml.MEDIA_TYPE, SimpleHtml.MEDIA_TYPE),
    /** PEP 691. */
    JSON(SimpleJson.MEDIA_TYPE, SimpleJson.MEDIA_TYPE);

    private final String mediaType;
    private final String name;

    SimpleFormat(String mediaType, String name) {
        this.mediaType = mediaType;
        this.name = name;
    }

    /** The media type for {@code Content-Type}. */
    String mediaType() {
        return mediaType;
    }

    /** The form that these {@code Accept} lines want most; plain HTML if they want none of ours. */
    static SimpleFormat wanted(List<String> accept) {
        SimpleFormat best = PLAIN_HTML;
        double weight = 0;
        for (SimpleFormat format : values()) {
            double wanted = format.weight(accept);
            if (wanted > weight) {
                best = format;
                weight = wanted;
            }
        }
        return best;
    }

    private double weight(List<String> accept) {
        double weight = 0;
        int precision = -1;
        for (String line : accept) {
            for (String item : line.toLowerCase(Locale.ROOT).split(",")) {
                String[] parts = item.strip().split(";");
                int fits = precision(parts[0].strip());
                if (fits > precision) {
                    precision = fits;
                    weight = quality(parts);
                }
            }
        }
        return weight;
    }

    /** How precisely a range names this form: 2 by name, 1 by type, 0 by a star, -1 not at all. */
    private int precision(String range) {
        String latest = name.replace(".v1+", ".latest+");
        if (range.equals(name) || range.equals(latest)) {
            return 2;
        }
        if (range.equals(name.substring(0, name.indexOf('/')) + "/*")) {
            return 1;
        }
        return range.equals("*/*") ? 0 : -1;
    }

    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("q=")) {
                try {
                    return Math.clamp(Double.parseDouble(parameter.substring(2)), 0, 1);
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
