package dev.cloche.apps;

import dev.cloche.http.Request;
import dev.cloche.http.Response;
import java.util.Locale;

/** The few answers about apps that the server words itself, for browsers as a page and for other tools as plain text. */
final class AppPages {
    private static final String INERT = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'; sandbox";

    private AppPages() {}

    /** Whether a browser loads this as a page; everything else cannot run an app. */
    static boolean isPageLoad(Request request) {
        return request.header("sec-fetch-mode").orElse("").equals("navigate")
                && request.header("accept").orElse("").toLowerCase(Locale.ROOT).contains("text/html");
    }

    /** Nothing is published under this name. */
    static Response unknownApp(Request request, String name) {
        String text = "There is no app named '" + name + "' on this server. It was never published, or it was taken off.";
        return answer(request, 404, "No such app", text);
    }

    /** The app has no such file. */
    static Response noSuchFile(Request request, AppName name) {
        return answer(request, 404, "No such page", "The app '" + name + "' has nothing at this path.");
    }

    /** Something other than reading was tried on files. */
    static Response readOnly(Request request, AppName name) {
        return answer(request, 405, "Read only", "The app '" + name + "' is made of files; they can only be read.")
                .with("allow", "GET, HEAD");
    }

    /**
     * What tools get that cannot run the app. At the app's own address that is a proper answer; elsewhere a program waits for
     * the app's own answer, so it is told by the status that this is none.
     */
    static Response runsInTab(App app, String url, boolean atRoot) {
        String text = "'" + app.name() + "' runs in each visitor's own browser tab (" + app.deployment().kind().label()
                + ", Python), not on this server.\n"
                + "So there is no answer of the app itself for tools without a browser.\n\n"
                + "Open it in a browser:  " + url + "/\n"
                + "What it is made of:    " + url + "/__cloche/deployment.json\n";
        return Response.text(atRoot ? 200 : 501, text)
                .with("content-security-policy", INERT)
                .with("cache-control", "no-store");
    }

    /** A form that was sent while the app did not run in this tab; only a running app can take it. */
    static Response notRunning(Request request, App app) {
        return answer(request, 503, "The app was not running",
                "What you sent did not reach '" + app.name() + "', because it was not running in this tab yet. "
                        + "Go back, load the page again and send it once more.");
    }

    private static Response answer(Request request, int status, String title, String text) {
        Response response = isPageLoad(request)
                ? Response.bytes(status, "text/html; charset=utf-8", page(title, text))
                : Response.text(status, text + "\n");
        return response.with("content-security-policy", INERT).with("cache-control", "no-store");
    }

    private static byte[] page(String title, String text) {
        String html = """
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>%1$s</title>
                <style>
                  body { display: grid; place-content: center; min-height: 90vh; margin: 1.5rem; font: 1rem/1.5 system-ui, sans-serif; }
                  main { max-width: 32rem; }
                  h1 { font-size: 1.4rem; }
                </style>
                <main><h1>%1$s</h1><p>%2$s</p></main>
                </html>
                """.formatted(escaped(title), escaped(text));
        return html.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }
}
