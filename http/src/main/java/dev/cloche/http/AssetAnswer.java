package dev.cloche.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers with a file of a folder: the best coding that is there, conditional requests, one range. */
final class AssetAnswer {
    /** For names that hold a hash or a version of their content. */
    static final String FOREVER = "public, max-age=31536000, immutable";

    /** Kept, but asked for anew each time; the entity tag makes that cheap. */
    static final String ASK = "no-cache";

    private final AssetFolder folder;

    private record Coding(String name, String ending) {}

    private static final List<Coding> CODINGS = 
            List.of(new Coding("zstd", ".zst"), new Coding("br", ".br"), new Coding("gzip", ".gz"));

    AssetAnswer(AssetFolder folder) {
        this.folder = folder;
    }

    /** The file at a decoded relative path, kept by clients as told. */
    Optional<Response> file(Request request, String relative, String caching) {
        return folder.find(relative).map(found -> answer(request, found, relative, caching));
    }

    private Response answer(Request request, AssetFolder.Found plain, String relative, String caching) {
        Optional<String> range = request.header("range");
        Optional<Coding> coding = range.isPresent() ? Optional.empty() : coding(request, plain);
        AssetFolder.Found chosen = coding.flatMap(c -> folder.sibling(plain, c.ending())).orElse(plain);
        String tag = chosen.tag() + coding.map(c -> "-" + c.name()).orElse("");
        Map<String, List<String>> headers = new LinkedHashMap<>();
        headers.put("content-type", List.of(MediaTypes.of(relative)));
        headers.put("cache-control", List.of(caching));
        headers.put("vary", List.of("accept-encoding"));
        coding.ifPresent(c -> headers.put("content-encoding", List.of(c.name())));
        headers.put("accept-ranges", List.of("bytes"));
        Response whole = new Response(200, headers, body(chosen)).tagged(request, tag);
        boolean current = request.header("if-range").map(('"' + tag + '"')::equals).orElse(true);
        if (range.isEmpty() || !current || whole.status() != 200) {
            return whole;
        }
        return ByteRange.of(range.get(), plain.size()).map(part -> part(whole, plain, part)).orElse(whole);
    }

    private Response part(Response whole, AssetFolder.Found file, ByteRange part) {
        if (part.length() == 0) {
            return new Response(416, Map.of("content-range", List.of("bytes */" + file.size())), new Response.Body.Bytes(new byte[0]));
        }
        String range = "bytes " + part.offset() + "-" + (part.offset() + part.length() - 1) + "/" + file.size();
        Response partial = whole.with("content-range", range);
        return new Response(206, partial.headers(), new Response.Body.File(file.path(), part.offset(), part.length()));
    }

    private Optional<Coding> coding(Request request, AssetFolder.Found plain) {
        return CODINGS.stream()
                .filter(coding -> Compression.accepts(request, coding.name()))
                .filter(coding -> folder.sibling(plain, coding.ending()).isPresent())
                .findFirst();
    }

    private Response.Body body(AssetFolder.Found file) {
        return file.size() <= AssetFolder.IN_MEMORY
                ? new Response.Body.Bytes(folder.bytes(file))
                : new Response.Body.File(file.path(), 0, file.size());
    }
}
