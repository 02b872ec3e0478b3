package dev.cloche.modules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PythonModulePackerTest {
    private static final int ADDRESS = 70_000;
    private static final int ROOM = 4096;

    @Test
    void filesComeOutAsTheyWentIn() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("game.py", "x = 'é'\n");
        files.put("rules/dice.py", "");
        PythonSource source = new PythonSource(files);

        byte[] packed = new PythonModulePacker(base()).pack(source);

        assertThat(PythonModulePacker.source(packed)).contains(source);
        assertThat(PythonModulePacker.source(base())).isEmpty();
    }

    @Test
    void aBundleHoldsTheSameFiles() {
        PythonSource source = PythonSource.of("game.py", Map.of("game.py", "x = 'é'", "rules.py", ""));

        assertThat(PythonSource.isBundle(source.bundle())).isTrue();
        assertThat(PythonSource.ofBundle(source.bundle())).isEqualTo(source);
        assertThat(PythonSource.isBundle("import cloche".getBytes(StandardCharsets.UTF_8))).isFalse();
        assertThatThrownBy(() -> PythonSource.ofBundle(Arrays.copyOf(source.bundle(), 30))).isInstanceOf(ModuleRefused.class);
    }

    @Test
    void theMainFileComesFirst() {
        PythonSource source = PythonSource.of("main.py", Map.of("a.py", "1", "main.py", "2"));

        assertThat(source.files().keySet()).containsExactly("main.py", "a.py");
    }

    @Test
    void importsAtTheEndThatTheSourceHasNoWordForBecomeFunctionsThatTrap() {
        PythonModulePacker packer = new PythonModulePacker(base());

        byte[] small = packer.pack(new PythonSource(Map.of("a.py", "")));
        byte[] large = packer.pack(new PythonSource(Map.of("a.py", "# procedure")));

        assertThat(section(small, 2)).startsWith(1).asString(StandardCharsets.ISO_8859_1).doesNotContain("procedure_sleep_until").contains("console_log");
        assertThat(section(small, 3)).containsExactly(2, 1, 0);
        assertThat(section(small, 10)).containsExactly(2, 3, 0, 0, 0x0b, 2, 0, 0x0b);
        assertThat(section(large, 2)).startsWith(2).asString(StandardCharsets.ISO_8859_1).contains("procedure_sleep_until");
        assertThat(section(large, 3)).containsExactly(1, 0);
    }

    @Test
    void theLargestSourceFitsAndOneByteMoreDoesNot() {
        PythonModulePacker packer = new PythonModulePacker(base());
        String largest = "#".repeat(ROOM - 4 - 2 - "a.py".length() - 4);

        assertThat(PythonModulePacker.source(packer.pack(new PythonSource(Map.of("a.py", largest))))).isPresent();
        assertThatThrownBy(() -> packer.pack(new PythonSource(Map.of("a.py", largest + "#"))))
                .isInstanceOf(ModuleRefused.class).hasMessageContaining("at most 4096 fit");
    }

    @Test
    void namesThatPythonCannotImportAreRefused() {
        for (String name : new String[] {"a.txt", "../a.py", "/a.py", "a b.py", "1.py", "a".repeat(200) + ".py"}) {
            assertThatThrownBy(() -> new PythonSource(Map.of(name, ""))).isInstanceOf(ModuleRefused.class).hasMessageContaining("no name of a Python file");
        }
    }

    @Test
    void whatIsNoBaseIsRefused() {
        assertThatThrownBy(() -> new PythonModulePacker(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0}))
                .isInstanceOf(ModuleRefused.class).hasMessageContaining("no room for Python source");
    }

    @Test
    void aDamagedModuleIsRefusedWhereverItEnds() {
        byte[] packed = new PythonModulePacker(base()).pack(new PythonSource(Map.of("a.py", "x = 1")));

        for (int end = packed.length - 1; end > packed.length - 20; end--) {
            byte[] cut = Arrays.copyOf(packed, end);
            assertThatThrownBy(() -> PythonModulePacker.source(cut)).isInstanceOf(ModuleRefused.class);
        }
    }

    /** A module in small with the marks of the base: two imports, one function, a segment with the record of the room. */
    private static byte[] base() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        add(out, 1, new byte[] {2, 0x60, 0, 0, 0x60, 1, 0x7e, 1, 0x7e});
        ByteArrayOutputStream imports = new ByteArrayOutputStream();
        imports.write(2);
        addImport(imports, "spacetime_10.0", "console_log", 0);
        addImport(imports, "spacetime_10.3", "procedure_sleep_until", 1);
        add(out, 2, imports.toByteArray());
        add(out, 3, new byte[] {1, 0});
        add(out, 5, new byte[] {1, 0, 2});
        add(out, 10, new byte[] {1, 2, 0, 0x0b});
        ByteBuffer record = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN).put("PYTHON-SOURCE-1\0".getBytes(StandardCharsets.ISO_8859_1));
        byte[] content = record.putInt(ADDRESS).putInt(ROOM).array();
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes(new byte[] {1, 0, 0x41, 16, 0x0b, (byte) content.length});
        data.writeBytes(content);
        add(out, 11, data.toByteArray());
        return out.toByteArray();
    }

    private static void addImport(ByteArrayOutputStream out, String module, String name, int type) {
        for (String word : new String[] {module, name}) {
            out.write(word.length());
            out.writeBytes(word.getBytes(StandardCharsets.UTF_8));
        }
        out.writeBytes(new byte[] {0, (byte) type});
    }

    private static void add(ByteArrayOutputStream out, int id, byte[] body) {
        out.write(id);
        out.writeBytes(Wasm.unsigned(body.length));
        out.writeBytes(body);
    }

    private static byte[] section(byte[] module, int id) {
        Wasm in = new Wasm(module);
        while (in.hasMore()) {
            Wasm.Section section = in.section();
            if (section.id() == id) {
                return section.body();
            }
        }
        throw new AssertionError("no section " + id);
    }
}
