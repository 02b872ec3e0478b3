package dev.cloche.apps;

import dev.cloche.kernel.Digest;
import dev.cloche.workspaces.FileEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at the files of a workspace to find out what can be published: nothing is run. */
final class Detector {
    private static final List<String> PYTHON_FILES =
            List.of("app.py", "main.py", "wsgi.py", "asgi.py", "application.py", "server.py", "api.py", "__init__.py");
    private static final List<String> STATIC_FOLDERS = List.of("", "public", "dist", "build", "site", "www", "docs");
    private static final int LARGEST_SOURCE = 1 << 20;
    private static final int MOST_SOURCES = 100;

    /** What makes an application object, with the kind of the object. */
    private static final Map<String, AppKind> MAKERS = Map.of(
            "Flask", AppKind.WSGI,
            "Bottle", AppKind.WSGI,
            "get_wsgi_application", AppKind.WSGI,
            "FastAPI", AppKind.ASGI,
            "Starlette", AppKind.ASGI,
            "Quart", AppKind.ASGI,
            "Litestar", AppKind.ASGI,
            "get_asgi_application", AppKind.ASGI);
    private static final Pattern ASSIGNMENT = Pattern.compile(
            "([A-Za-z_]\\w*)\\s*(?::[^=]*)?=\\s*(?:[A-Za-z_]\\w*\\.)*(" + String.join("|", MAKERS.keySet()) + ")\\s*\\(.*");
    private static final Pattern WSGI_FUNCTION =
            Pattern.compile("def\\s+([A-Za-z_]\\w*)\\s*\\(\\s*environ\\b[^,]*,\\s*start_response\\b.*");
    private static final Pattern ASGI_FUNCTION =
            Pattern.compile("async\\s+def\\s+([A-Za-z_]\\w*)\\s*\\(\\s*scope\\b[^,]*,\\s*receive\\b[^,]*,\\s*send\\b.*");
    private static final Pattern FACTORY = Pattern.compile("def\\s+((?:create|make|build)_app(?:lication)?)\\s*\\(.*");

    private final Map<String, FileEntry> files = new LinkedHashMap<>();
    private final Function<Digest, byte[]> contents;
    private final List<String> hints = new ArrayList<>();

    /** A look at these files. */
    Detector(List<FileEntry> tree, Function<Digest, byte[]> contents) {
        tree.forEach(file -> files.put(file.path(), file));
        this.contents = contents;
    }

    /** What was found, of the kind that is asked for if there is one. */
    Detection detect(Optional<AppKind> wanted) {
        Optional<Detection> found = Optional.empty();
        if (wanted.map(kind -> kind != AppKind.STATIC).orElse(true)) {
            found = python(wanted);
        }
        if (found.isEmpty() && wanted.map(kind -> kind == AppKind.STATIC).orElse(true)) {
            found = pages();
        }
        return found.orElseGet(() -> nothing(wanted));
    }

    private Optional<Detection> python(Optional<AppKind> wanted) {
        for (String path : sources()) {
            for (String line : PythonSource.topLevel(source(path))) {
                Optional<Detection> found = application(path, line);
                if (found.isPresent() && wanted.map(kind -> found.get().kind().equals(Optional.of(kind))).orElse(true)) {
                    return found;
                }
                Matcher factory = FACTORY.matcher(line);
                if (factory.matches()) {
                    hints.add(path + " makes its application in the function " + factory.group(1)
                            + "(). Add a line such as 'app = " + factory.group(1) + "()' at the end of a file, so that it can be found.");
                }
            }
        }
        return Optional.empty();
    }

    /** The files in which an application usually lies: in the root, then one folder deep. */
    private List<String> sources() {
        List<String> sources = new ArrayList<>();
        PYTHON_FILES.stream().filter(files::containsKey).forEach(sources::add);
        for (String name : PYTHON_FILES) {
            files.keySet().stream()
                    .filter(path -> path.endsWith("/" + name) && path.indexOf('/') == path.lastIndexOf('/'))
                    .filter(path -> isModule(module(path)) && PublicFiles.mayBePublished(path))
                    .forEach(sources::add);
        }
        return sources.subList(0, Math.min(sources.size(), MOST_SOURCES));
    }

    private String source(String path) {
        FileEntry file = files.get(path);
        return file == null || file.size() > LARGEST_SOURCE ? "" : new String(contents.apply(file.digest()), StandardCharsets.UTF_8);
    }

    private static Optional<Detection> application(String path, String line) {
        Matcher assignment = ASSIGNMENT.matcher(line);
        if (assignment.matches()) {
            String maker = assignment.group(2);
            AppKind kind = MAKERS.getOrDefault(maker, AppKind.WSGI);
            return Optional.of(found(kind, path, assignment.group(1), path + " makes '" + assignment.group(1) + "' with " + maker + "()."));
        }
        Matcher wsgi = WSGI_FUNCTION.matcher(line);
        if (wsgi.matches()) {
            return Optional.of(found(AppKind.WSGI, path, wsgi.group(1), path + " has the WSGI function " + wsgi.group(1) + "(environ, start_response)."));
        }
        Matcher asgi = ASGI_FUNCTION.matcher(line);
        if (asgi.matches()) {
            return Optional.of(found(AppKind.ASGI, path, asgi.group(1), path + " has the ASGI function " + asgi.group(1) + "(scope, receive, send)."));
        }
        return Optional.empty();
    }

    private static Detection found(AppKind kind, String path, String object, String reason) {
        String entry = module(path) + ":" + object;
        return new Detection(Optional.of(kind), Optional.of(entry), List.of(reason,
                "So it is a Python app of the kind " + kind.label() + " that starts at " + entry + "."));
    }

    private Optional<Detection> pages() {
        for (String folder : STATIC_FOLDERS) {
            String index = folder.isEmpty() ? "index.html" : folder + "/index.html";
            if (files.containsKey(index)) {
                return Optional.of(new Detection(Optional.of(AppKind.STATIC), Optional.of(folder), List.of(
                        index + " is there.", "So the files of " + (folder.isEmpty() ? "the workspace" : "the folder " + folder) + " can be served as they are.")));
            }
        }
        return Optional.empty();
    }

    private Detection nothing(Optional<AppKind> wanted) {
        List<String> reasons = new ArrayList<>();
        String python = "No Python file in the root or one folder deep (" + String.join(", ", PYTHON_FILES)
                + ") makes an application at its top level, such as 'app = Flask(__name__)' or 'app = FastAPI()'.";
        String pages = "There is no index.html in the root, nor in " + String.join(", ", STATIC_FOLDERS.subList(1, STATIC_FOLDERS.size())) + ".";
        if (wanted.map(kind -> kind != AppKind.STATIC).orElse(true)) {
            reasons.add(python);
            reasons.addAll(hints);
        }
        if (wanted.map(kind -> kind == AppKind.STATIC).orElse(true)) {
            reasons.add(pages);
        }
        return new Detection(Optional.empty(), Optional.empty(), reasons);
    }

    /** The name by which Python imports a file. */
    private static String module(String path) {
        return path.replaceFirst("(/__init__)?\\.py$", "").replace('/', '.');
    }

    private static boolean isModule(String name) {
        return name.matches("[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)*");
    }
}
