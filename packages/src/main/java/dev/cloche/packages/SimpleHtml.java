package dev.cloche.packages;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The HTML form of the simple index (PEP 503, with the attributes of PEP 592, 658 and 714): reads an upstream's page
 * leniently, writes ours.
 */
final class SimpleHtml {
    /** The media type of version 1. */
    static final String MEDIA_TYPE = "application/vnd.pypi.simple.v1+html";

    private static final int LONGEST_TAG = 20_000;
    private static final Pattern ATTRIBUTE = Pattern.compile(
            "([a-zA-Z][a-zA-Z0-9_-]*+)(?:\\s*+=\\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\\s\"'>]++)))?");
    private static final Pattern ENTITY = Pattern.compile("&(?:#(\\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]{2,6}));?");
    private static final Pattern SHA256 = Pattern.compile("sha256=([0-9a-f]{64})");

    private SimpleHtml() {}

    /**
     * The files of a project's page; those without a SHA-256 or a usable URL are left out. More than
     * {@link SimplePage#MOST_FILES} links are an {@link IllegalArgumentException}.
     */
    static List<IndexFile> read(byte[] page, URI base) {
        String html = new String(page, StandardCharsets.UTF_8);
        List<IndexFile> files = new ArrayList<>();
        int links = 0;
        for (int at = nextAnchor(html, 0); at >= 0; at = nextAnchor(html, at)) {
            if (links == SimplePage.MOST_FILES) {
                throw SimplePage.tooMany();
            }
            at += 2;
            int end = tagEnd(html, at);
            if (end < 0) {
                break;
            }
            file(attributes(html.substring(at, end)), base).ifPresent(files::add);
            at = end;
            links++;
        }
        return files;
    }

    /** The page of a project with the URLs that {@code href} gives. */
    static byte[] write(ProjectName project, List<IndexFile> files, Function<IndexFile, String> href) {
        StringBuilder out = new StringBuilder(200 + 300 * files.size());
        head(out, "Links for " + project);
        for (IndexFile file : files) {
            out.append("<a href=\"").append(escaped(href.apply(file))).append("#sha256=").append(file.sha256()).append('"');
            file.requiresPython().ifPresent(p -> attribute(out, "data-requires-python", p));
            file.yanked().ifPresent(y -> attribute(out, "data-yanked", y));
            file.metadata().ifPresent(m -> {
                String value = m.sha256().map(d -> "sha256=" + d).orElse("true");
                attribute(out, "data-core-metadata", value);
                attribute(out, "data-dist-info-metadata", value);
            });
            out.append('>').append(escaped(file.file())).append("</a><br>\n");
        }
        return out.append("</body>\n</html>\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The list of projects. */
    static byte[] writeList(List<ProjectName> projects) {
        StringBuilder out = new StringBuilder(200 + 60 * projects.size());
        head(out, "Projects");
        projects.forEach(p -> out.append("<a href=\"").append(p).append("/\">").append(p).append("</a><br>\n"));
        return out.append("</body>\n</html>\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void head(StringBuilder out, String title) {
        out.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><meta name=\"pypi:repository-version\" content=\"1.0\"><title>")
                .append(escaped(title)).append("</title></head>\n<body>\n");
    }

    private static void attribute(StringBuilder out, String name, String value) {
        out.append(' ').append(name).append("=\"").append(escaped(value)).append('"');
    }

    private static Optional<IndexFile> file(Map<String, String> attributes, URI base) {
        String href = attributes.getOrDefault("href", "");
        Matcher digest = SHA256.matcher(href.substring(Math.max(0, href.indexOf('#'))));
        Optional<URI> url = SimplePage.resolve(base, href);
        if (url.isEmpty() || !href.contains("#") || !digest.find()) {
            return Optional.empty();
        }
        String name = lastSegment(url.get());
        if (!SimplePage.isFileName(name)) {
            return Optional.empty();
        }
        String metadata = attributes.getOrDefault("data-core-metadata", attributes.getOrDefault("data-dist-info-metadata", ""));
        Matcher metadataDigest = SHA256.matcher(metadata);
        Optional<IndexFile.MetadataFile> separate = metadata.isEmpty() || metadata.equals("false")
                ? Optional.empty()
                : Optional.of(new IndexFile.MetadataFile(metadataDigest.find() ? SimplePage.digest(metadataDigest.group(1)) : Optional.empty()));
        return Optional.of(new IndexFile(name, new dev.cloche.kernel.Digest(digest.group(1)), url, Optional.empty(),
                Optional.ofNullable(attributes.get("data-requires-python")).filter(p -> !p.isBlank()),
                Optional.ofNullable(attributes.get("data-yanked")), separate));
    }

    private static String lastSegment(URI url) {
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        try {
            return URLDecoder.decode(path.substring(path.lastIndexOf('/') + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static int nextAnchor(String html, int from) {
        for (int at = html.indexOf('<', from); at >= 0 && at + 2 < html.length(); at = html.indexOf('<', at + 1)) {
            char name = html.charAt(at + 1);
            if ((name == 'a' || name == 'A') && Character.isWhitespace(html.charAt(at + 2))) {
                return at;
            }
        }
        return -1;
    }

    /** Where the tag ends; a {@code >} inside quotes does not count. */
    private static int tagEnd(String html, int from) {
        char quote = 0;
        for (int at = from; at < html.length() && at - from < LONGEST_TAG; at++) {
            char c = html.charAt(at);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '>') {
                return at;
            }
        }
        return -1;
    }

    private static Map<String, String> attributes(String tag) {
        Map<String, String> all = new HashMap<>();
        Matcher m = ATTRIBUTE.matcher(tag);
        while (m.find()) {
            String value = "";
            for (int group = 2; group <= 4; group++) {
                value = m.group(group) == null ? value : m.group(group);
            }
            all.putIfAbsent(m.group(1).toLowerCase(Locale.ROOT), unescaped(value));
        }
        return all;
    }

    private static String unescaped(String text) {
        if (text.indexOf('&') < 0) {
            return text;
        }
        return ENTITY.matcher(text).replaceAll(m -> Matcher.quoteReplacement(entity(m.group(), m.group(1), m.group(2), m.group(3))));
    }

    private static String entity(String whole, @Nullable String decimal, @Nullable String hex, @Nullable String name) {
        if (decimal != null || hex != null) {
            int code = decimal != null ? Integer.parseInt(decimal) : Integer.parseInt(hex, 16);
            return Character.isValidCodePoint(code) ? Character.toString(code) : "";
        }
        return switch (name) {
            case "lt" -> "<";
            case "gt" -> ">";
            case "amp" -> "&";
            case "quot" -> "\"";
            case "apos" -> "'";
            case null, default -> whole;
        };
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }
}
