package dev.cloche.apps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.kernel.Digest;
import dev.cloche.workspaces.FileEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DetectorTest {
    private static Detection detect(String... pathsAndContents) {
        List<FileEntry> tree = new ArrayList<>();
        Map<Digest, byte[]> contents = new HashMap<>();
        for (int i = 0; i < pathsAndContents.length; i += 2) {
            byte[] content = pathsAndContents[i + 1].getBytes(StandardCharsets.UTF_8);
            contents.put(Digest.of(content), content);
            tree.add(new FileEntry(pathsAndContents[i], Digest.of(content), content.length, 1));
        }
        return new Detector(tree, contents::get).detect(Optional.empty());
    }

    private static void assertFound(Detection found, AppKind kind, String entry) {
        assertThat(found.kind()).contains(kind);
        assertThat(found.entry()).contains(entry);
        assertThat(found.reasons()).isNotEmpty();
    }

    @Test
    void frameworksAreFoundByWhatMakesTheApplication() {
        assertFound(detect("app.py", "from flask import Flask\napp = Flask(__name__)\n"), AppKind.WSGI, "app:app");
        assertFound(detect("main.py", "import fastapi\nservice: fastapi.FastAPI = fastapi.FastAPI(\n  title='x')\n"), AppKind.ASGI, "main:service");
        assertFound(detect("asgi.py", "application = Starlette(routes=[])"), AppKind.ASGI, "asgi:application");
        assertFound(detect("wsgi.py", "application = get_wsgi_application()"), AppKind.WSGI, "wsgi:application");
        assertFound(detect("app.py", "def hello(environ, start_response):\n  pass"), AppKind.WSGI, "app:hello");
        assertFound(detect("app.py", "async def hello(scope, receive, send):\n  pass"), AppKind.ASGI, "app:hello");
        assertFound(detect("shop/main.py", "app = FastAPI()"), AppKind.ASGI, "shop.main:app");
        assertFound(detect("shop/__init__.py", "app = Flask(__name__)"), AppKind.WSGI, "shop:app");
        assertFound(detect("index.html", "x", "app.py", "print(1)"), AppKind.STATIC, "");
        assertFound(detect("dist/index.html", "x"), AppKind.STATIC, "dist");
        assertFound(detect("index.html", "x", "app.py", "app = Flask('x')"), AppKind.WSGI, "app:app");
    }

    @Test
    void whatIsNotAtTheTopLevelIsNoApplication() {
        for (String source : List.of(
                "# app = Flask(__name__)", "\"\"\"\napp = Flask(__name__)\n\"\"\"", "def make():\n    app = Flask(__name__)", "x = '''\napp = FastAPI()\n'''",
                "call(\napp = Flask(1)\n)", "app = NotFlask()", "")) {
            assertThat(detect("app.py", source).kind()).as(source).isEmpty();
        }
        assertThat(detect("app.py", "def create_app():\n  return Flask('x')").reasons()).anyMatch(r -> r.contains("create_app()"));
        assertThat(detect("README.md", "x").reasons()).anyMatch(r -> r.contains("index.html"));
    }

    @Test
    void brokenSourceIsNoTrouble() {
        assertThat(detect("app.py", "'never closed\napp = Flask(__name__)").kind()).contains(AppKind.WSGI);
        assertThat(detect("app.py", "\"\"\" never closed\napp = Flask(__name__)").kind()).isEmpty();
        assertThat(detect("app.py", "((((\\").kind()).isEmpty();
        assertThat(detect("app.py", "'\\").kind()).isEmpty();
    }
}
