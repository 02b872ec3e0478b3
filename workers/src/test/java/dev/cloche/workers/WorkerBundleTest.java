package dev.cloche.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cloche.kernel.Digest;
import dev.cloche.kernel.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerBundleTest {
    private static final byte[] MODULE = {0, 'a', 's', 'm', 1, 0, 0, 0};
    private static final byte[] OTHER = {0, 'a', 's', 'm', 1, 0, 0, 0, 0, 2, 1, 'x'};

    private static Problem refusal(byte[] bytes) {
        Problem problem = catchThrowableOfType(Problem.class, () -> WorkerBundle.read(bytes, "w"));
        assertThat(problem).isNotNull();
        return problem;
    }

    private static Problem refusal(String manifest) {
        return refusal(Plugins.zip(manifest, Map.of("a.wasm", MODULE)));
    }

    @Test
    void aSingleModuleHasTheDefaultNeeds() {
        WorkerBundle bundle = WorkerBundle.read(MODULE, "matrix.wasm");

        assertThat(bundle.digest()).isEqualTo(Digest.of(MODULE));
        assertThat(bundle.manifest()).isEqualTo(WorkerManifest.plain("matrix"));
        assertThat(bundle.manifest().memory().maxBytes()).isEqualTo(256L << 20);
        assertThat(bundle.manifest().timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(bundle.manifest().idempotent()).isTrue();
    }

    @Test
    void everythingIsReadFromAManifest() throws Exception {
        String json = """
                { "name": "matrix", "description": "Products.",
                  "wasm": [ { "path": "l/lib.wasm", "name": "lib" }, { "path": "matrix.wasm", "simd": "matrix.simd.wasm" } ],
                  "memory": { "max_pages": 4, "max_var_bytes": 5, "max_http_response_bytes": 6 },
                  "timeout_ms": 70, "allowed_hosts": ["*.Example.org"], "allowed_paths": {"data": "/data"}, "config": {"vowels": "ae"}, "idempotent": false,
                  "functions": { "multiply": { "description": "Product.", "example": "{}", "input": "json", "output": "text", "divide": { "split": "s", "join": "j" } }, "m": {} } }""";
        WorkerBundle bundle = WorkerBundle.read(Plugins.zip(json, Map.of("l/lib.wasm", MODULE, "matrix.wasm", OTHER, "matrix.simd.wasm", MODULE)), "x");

        assertThat(bundle.manifest()).isEqualTo(new WorkerManifest("matrix", "Products.",
                List.of(new WorkerManifest.Module("l/lib.wasm", Optional.empty(), "lib"), new WorkerManifest.Module("matrix.wasm", Optional.of("matrix.simd.wasm"), "main")),
                new WorkerManifest.Memory(4, 5, 6), Duration.ofMillis(70), List.of("*.example.org"), Map.of("data", "/data"), Map.of("vowels", "ae"), false,
                Map.of("m", WorkerFunction.named("m"), "multiply", new WorkerFunction("multiply", "Product.", Optional.of("{}"), WorkerFunction.Form.JSON, WorkerFunction.Form.TEXT,
                        Optional.of(new WorkerFunction.Divide("s", "j"))))));
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(json.getBytes(StandardCharsets.UTF_8));
        for (byte[] one : List.of(MODULE, OTHER, MODULE)) {
            digest.update(MessageDigest.getInstance("SHA-256").digest(one));
        }
        assertThat(bundle.digest().hex()).isEqualTo(HexFormat.of().formatHex(digest.digest()));
        assertThat(bundle.code(bundle.manifest().modules().getLast(), true)).isEqualTo(MODULE);
        assertThat(bundle.code(bundle.manifest().modules().getLast(), false)).isEqualTo(OTHER);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"wasm":[{"path":"a.wasm"}],"timout_ms":5}               | timout_ms           | unknown   | did you mean 'timeout_ms'
            {"wasm":[{"path":"a.wasm"}],"memory":{"pages":5}}        | memory.pages        | unknown   | Known: max_pages
            {"wasm":[{"path":"a.wasm"}],"memory":{"max_pages":0}}    | memory.max_pages    | range     | from 1 to 65536
            {"wasm":[{"path":"a.wasm"}],"timeout_ms":"5"}            | timeout_ms          | range     | whole number
            {"wasm":[{"path":"a.wasm"}],"name":"../x"}               | name                | pattern   | letters, digits
            {"wasm":[]}                                              | wasm                | required  | 1 to 16
            {}                                                       | wasm                | required  | 1 to 16
            {"wasm":[{"path":"../a.wasm"}]}                          | wasm[0].path        | exists    | no file
            {"wasm":[{"path":"/a.wasm"}]}                            | wasm[0].path        | pattern   | path of a file
            {"wasm":[{"path":"b.wasm"}]}                             | wasm[0].path        | exists    | no file 'b.wasm'
            {"wasm":[{"path":"a.wasm","simd":"b.wasm"}]}             | wasm[0].simd        | exists    | no file 'b.wasm'
            {"wasm":[{"path":"a.wasm","name":"lib"}]}                | wasm[0].name        | name      | 'main' or absent
            {"wasm":[{"path":"a.wasm"},{"path":"a.wasm"}]}           | wasm[0].name        | name      | a name of its own
            {"wasm":[{"path":"a.wasm","name":"main"},{"path":"a.wasm"}]} | wasm[0].name    | name      | a name of its own
            {"wasm":[{"path":"a.wasm"}],"allowed_hosts":["http://x"]}| allowed_hosts[0]    | pattern   | without scheme
            {"wasm":[{"path":"a.wasm"}],"allowed_paths":{"d":"/../x"}} | allowed_paths.d   | pattern   | absolute path
            {"wasm":[{"path":"a.wasm"}],"config":{"x":5}}            | config.x            | type      | must be text
            {"wasm":[{"path":"a.wasm"}],"idempotent":"yes"}          | idempotent          | type      | true or false
            {"wasm":[{"path":"a.wasm"}],"functions":{"f":{"input":"xml"}}} | functions.f.input | pattern | 'json', 'text' or 'bytes'
            {"wasm":[{"path":"a.wasm"}],"functions":{"f":{"divide":{"split":"s"}}}} | functions.f.divide.join | required | the name of a function
            [1]                                                      | worker.json         | type      | must be an object
            """)
    void aRefusalNamesFieldAndRule(String manifest, String field, String rule, String message) {
        assertThat(refusal(manifest).fields()).singleElement().satisfies(one -> {
            assertThat(one.field()).isEqualTo(field);
            assertThat(one.rule()).isEqualTo(rule);
            assertThat(one.message()).contains(message);
        });
    }

    @Test
    void whatIsNoBundleIsRefused() {
        assertThat(refusal("hello".getBytes(StandardCharsets.UTF_8)).getMessage()).contains("neither");
        assertThat(refusal(new byte[0]).getMessage()).contains("neither");
        assertThat(refusal(new byte[WorkerBundle.LARGEST + 1]).fields().getFirst().rule()).isEqualTo("maxLength");
        assertThat(refusal(Plugins.zip("{\"wasm\":[{\"path\":\"a.wasm\"}]}", Map.of("a.wasm", MODULE, "b.txt", MODULE))).getMessage()).contains("b.txt");
        assertThat(refusal("{\"wasm\":").getMessage()).contains("not valid JSON");
        assertThat(refusal("{\"wasm\":[{\"path\":\"a.wasm\"}],\"wasm\":[]}").getMessage()).contains("not valid JSON");
    }

    /** A few kilobytes that unpack to more than is allowed. */
    @Test
    void aBombIsRefused() {
        assertThat(refusal(Plugins.zip("{\"wasm\":[{\"path\":\"a.wasm\"}]}", Map.of("a.wasm", new byte[WorkerBundle.LARGEST + 10]))).fields().getFirst().rule()).isEqualTo("maxLength");
    }

    @Test
    void damagedBundlesAreRefusedOrRead() {
        byte[] whole = Plugins.zip("{\"wasm\":[{\"path\":\"a.wasm\"}],\"config\":{\"a\":\"b\"}}", Map.of("a.wasm", MODULE));
        Random random = new Random(3);
        int read = 0;
        for (int round = 0; round < 3000; round++) {
            byte[] damaged = java.util.Arrays.copyOf(whole, random.nextInt(8) == 0 ? random.nextInt(whole.length) : whole.length);
            for (int k = random.nextInt(4); k >= 0 && damaged.length > 0; k--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                WorkerBundle.read(damaged, "w");
                read++;
            } catch (Problem refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        }
        assertThat(read).isPositive();
    }

    @Test
    void patternsOfHostsMatchWholeNames() {
        assertThat(AllowedHosts.matches("*.example.org", "api.example.org")).isTrue();
        assertThat(AllowedHosts.matches("*.example.org", "example.org")).isFalse();
        assertThat(AllowedHosts.matches("*.example.org", "api.example.org.evil.com")).isFalse();
        assertThat(AllowedHosts.matches("*", "anything")).isTrue();
        assertThat(AllowedHosts.matches("a*b*c", "a-b-b-c")).isTrue();
        assertThat(AllowedHosts.matches("", "x")).isFalse();
        assertThat(new AllowedHosts(List.of("example.org"), List.of("*")).allow("EXAMPLE.org")).isTrue();
        assertThat(new AllowedHosts(List.of("*"), List.of("example.org")).allow("example.com")).isFalse();
        assertThat(new AllowedHosts(List.of(), List.of("*")).allow("example.com")).isFalse();
    }
}
