package dev.cloche.workspaces;

import dev.cloche.kernel.FieldError;
import dev.cloche.kernel.Problem;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /api/workspaces/ID/changes}: the schema {@code FileChanges} of {@code openapi.yaml}.
 *
 * @param changes what to do, in order
 */
record ChangesBody(@Nullable List<@Nullable Item> changes) {
    /** One change as it is sent. */
    record Item(
            @Nullable String op,
            @Nullable String path,
            @Nullable String to,
            @Nullable String text,
            @Nullable String base64,
            @Nullable Long ifRevision) {}

    /** The changes, all of them well-formed; what is wrong in one is told with its place. */
    List<FileChange> parsed(int most) {
        if (changes == null || changes.isEmpty()) {
            throw Problem.field("changes", "required", "Send at least one change.");
        }
        if (changes.size() > most) {
            throw Problem.field("changes", "maxItems", "A batch has at most " + most + " changes.");
        }
        List<FileChange> parsed = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            parsed.add(parse("changes[" + i + "]", changes.get(i)));
        }
        return parsed;
    }

    private static FileChange parse(String place, @Nullable Item item) {
        if (item == null) {
            throw Problem.field(place, "type", "A change is an object.");
        }
        FilePath path = path(place + ".path", item.path());
        Precondition precondition = precondition(place, item.ifRevision());
        return switch (item.op()) {
            case "write" -> new FileChange.Write(path, precondition, content(place, item));
            case "delete" -> new FileChange.Delete(path, precondition);
            case "move" -> new FileChange.Move(path, path(place + ".to", item.to()), precondition);
            case "folder" -> new FileChange.MakeFolder(path, precondition);
            case null, default ->
                throw Problem.field(place + ".op", "enum", "A change is a write, a delete, a move or a folder.");
        };
    }

    private static FilePath path(String field, @Nullable String text) {
        if (text == null) {
            throw Problem.field(field, "required", "A path is missing.");
        }
        try {
            return new FilePath(text);
        } catch (Problem e) {
            FieldError error = e.fields().getFirst();
            throw Problem.field(field, error.rule(), error.message());
        }
    }

    private static Precondition precondition(String place, @Nullable Long ifRevision) {
        if (ifRevision == null) {
            return new Precondition.Always();
        }
        if (ifRevision < 0) {
            throw Problem.field(place + ".ifRevision", "range", "A revision is a whole number from 0.");
        }
        return Precondition.ofRevision(ifRevision);
    }

    private static byte[] content(String place, Item item) {
        if ((item.text() == null) == (item.base64() == null)) {
            throw Problem.field(place, "required", "A write has its content as either 'text' or 'base64'.");
        }
        if (item.base64() != null) {
            try {
                return Base64.getDecoder().decode(item.base64());
            } catch (IllegalArgumentException e) {
                throw Problem.field(place + ".base64", "pattern", "This is not base64 (RFC 4648).");
            }
        }
        return utf8(place, item.text() == null ? "" : item.text());
    }

    /** JSON can carry half surrogates, which no UTF-8 can; a file is kept as sent or not at all. */
    private static byte[] utf8(String place, String text) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] exact = new byte[bytes.remaining()];
            bytes.get(exact);
            return exact;
        } catch (CharacterCodingException e) {
            throw Problem.field(place + ".text", "encoding", "The text is not well-formed Unicode; send it as base64.");
        }
    }
}
