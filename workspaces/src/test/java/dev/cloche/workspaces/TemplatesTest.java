package dev.cloche.workspaces;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TemplatesTest {
    private final Templates templates = Templates.load();

    @Test
    void theTemplatesAreThereWithWhatTheyOpen() {
        assertThat(templates.all()).extracting(Template::id).containsExactly("hello", "plot", "flask-todo", "fastapi-service", "pandas-table", "live-game", "chat");
        assertThat(templates.all()).allSatisfy(template -> assertThat(template.files().keySet())
                .contains(new FilePath(template.open()), new FilePath("README.md")));
    }

    @Test
    void noTemplateNamesAForeignHost() {
        for (Template template : templates.all()) {
            template.files().forEach((path, content) -> assertThat(new String(content, StandardCharsets.UTF_8))
                    .as(template.id() + "/" + path)
                    .doesNotContain("http://")
                    .doesNotContain("https://"));
        }
    }

    @Test
    void thePythonOfAllTemplatesCompiles() throws IOException, InterruptedException {
        for (Template template : templates.all()) {
            for (var file : template.files().entrySet()) {
                if (file.getKey().name().endsWith(".py")) {
                    Process python = new ProcessBuilder(
                                    List.of("python3", "-c", "import sys; compile(sys.stdin.buffer.read(), sys.argv[1], 'exec')", file.getKey().value()))
                            .redirectErrorStream(true)
                            .start();
                    python.getOutputStream().write(file.getValue());
                    python.getOutputStream().close();
                    String output = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                    assertThat(python.waitFor()).as(template.id() + "/" + file.getKey() + ": " + output).isZero();
                }
            }
        }
    }
}
