package dev.cloche.workers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.kernel.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The workers below {@code examples/workers}, as they are in the repository, answer their vectors: the same files that browsers are tried with. */
abstract class ExampleVectorsConformance extends WorkersTestBase {
    private static final Path EXAMPLES = Path.of("..", "examples", "workers");

    static List<Path> examples() throws IOException {
        try (Stream<Path> folders = Files.list(EXAMPLES)) {
            return folders.filter(folder -> Files.exists(folder.resolve("worker.json"))).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void answersItsVectors(Path folder) throws IOException {
        Worker worker = worker(WorkerBundle.read(bundle(folder), "worker"), WorkerSettings.DEFAULT);
        int tried = 0;
        try (Stream<Path> lists = Files.list(folder.resolve("vectors"))) {
            for (Path list : lists.sorted().toList()) {
                for (JsonNode vector : Json.tree(Files.readAllBytes(list))) {
                    CallOutcome outcome = worker.call(vector.path("function").asText(), bytes(vector.path("input")), LONG);
                    check(vector, outcome, list.getFileName() + ": " + vector.path("function").asText() + ": " + vector.path("name").asText());
                    tried++;
                }
            }
        }
        assertThat(tried).isPositive();
    }

    private static void check(JsonNode vector, CallOutcome outcome, String where) {
        switch (outcome) {
            case CallOutcome.Answer answer -> {
                assertThat(vector.has("output")).as(where).isTrue();
                assertThat(latin(answer.output())).as(where).isEqualTo(latin(bytes(vector.path("output"))));
            }
            case CallOutcome.Failed failed -> {
                JsonNode error = vector.path("error");
                assertThat(failed.message()).as(where).isEqualTo(error.path("message").asText());
                assertThat(failed.field()).as(where).isEqualTo(Optional.ofNullable(error.get("field")).map(JsonNode::asText));
                assertThat(failed.rule()).as(where).isEqualTo(Optional.ofNullable(error.get("rule")).map(JsonNode::asText));
                assertThat(failed.kind()).as(where).isEqualTo(error.has("field") ? Failure.BAD_INPUT : Failure.FAILED);
            }
        }
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(JsonNode form) {
        return form.has("text") ? form.path("text").asText().getBytes(StandardCharsets.UTF_8) : Base64.getDecoder().decode(form.path("base64").asText());
    }

    private static byte[] bundle(Path folder) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] manifest = Files.readAllBytes(folder.resolve("worker.json"));
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("worker.json"));
            zip.write(manifest);
            for (JsonNode module : Json.tree(manifest).path("wasm")) {
                for (String key : List.of("path", "simd")) {
                    if (module.has(key)) {
                        zip.putNextEntry(new ZipEntry(module.path(key).asText()));
                        zip.write(Files.readAllBytes(folder.resolve(module.path(key).asText())));
                    }
                }
            }
        }
        return bytes.toByteArray();
    }
}
