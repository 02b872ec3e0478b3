package dev.cloche.http;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The headers that keep the origins apart, one set for each site. A handler's own content security policy stays, but on the
 * control plane nothing that a route answers is ever run: {@code sandbox} is added where it is missing.
 */
final class SecurityHeaders {
    /** Set by {@link StaticAssets} on the pages and scripts of the platform itself; taken off here. */
    static final String OWN_PAGE = "x-cloche-own-page";

    private static final String INERT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

    private final String controlPages;
    private final String hostPages;
    private final String previewPages;
    private final String workerPages;
    private final String appPages;
    private final String appFiles;

    SecurityHeaders(Origins origins) {
        String control = origins.control();
        controlPages = "default-src 'none'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'; "
                + "script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
                + "font-src 'self' data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
                + "require-trusted-types-for 'script'; frame-src " + origins.anyHost() + " " + origins.anyApp();
        String engine = "default-src 'none'; base-uri 'none'; object-src 'none'; "
                + "script-src 'self' 'wasm-unsafe-eval' 'unsafe-eval' blob:; worker-src 'self' blob:; connect-src 'self'; "
                + "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; ";
        hostPages = engine + "form-action 'none'; frame-ancestors " + control;
        previewPages = engine + "form-action 'self'; frame-src 'self'; frame-ancestors 'self' " + control;
        // what runs there gets its bytes by messages and speaks with nobody else
        workerPages = "default-src 'none'; base-uri 'none'; object-src 'none'; form-action 'none'; connect-src 'none'; "
                + "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; frame-ancestors " + control;
        appPages = engine + "form-action 'self'; frame-src 'self'; frame-ancestors 'self' " + control;
        appFiles = "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval'; object-src 'none'; "
                + "connect-src 'self' data: blob:; base-uri 'self'; form-action 'self'; frame-ancestors 'self' " + control;
    }

    /** The answer with the headers of its site. */
    Response apply(Site site, Response response) {
        Map<String, List<String>> all = new LinkedHashMap<>(response.headers());
        boolean own = all.remove(OWN_PAGE) != null;
        put(all, "x-content-type-options", "nosniff");
        put(all, "origin-agent-cluster", "?1");
        put(all, "referrer-policy", "same-origin");
        put(all, "cross-origin-embedder-policy", "require-corp");
        switch (site) {
            case Site.Control() -> control(all, own);
            case Site.EngineHost host -> content(all, hostPages, true);
            case Site.Preview preview -> content(all, previewPages, false);
            case Site.WorkerHost() -> content(all, workerPages, true);
            case Site.App app -> content(all, own ? appPages : appFiles, true);
        }
        return new Response(response.status(), all, response.body());
    }

    private void control(Map<String, List<String>> all, boolean own) {
        put(all, "cross-origin-opener-policy", "same-origin");
        put(all, "cross-origin-resource-policy", "same-origin");
        put(all, "permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=()");
        if (own) {
            all.put("content-security-policy", List.of(controlPages));
            return;
        }
        all.computeIfAbsent("content-security-policy", name -> List.of(INERT));
        all.computeIfPresent("content-security-policy", (name, policies) -> policies.stream().map(SecurityHeaders::sandboxed).toList());
        all.putIfAbsent("cache-control", List.of(all.containsKey("etag") ? "private, no-cache" : "no-store"));
        // whatever a route of the API says, nobody else's page may read it
        all.keySet().removeIf(name -> name.startsWith("access-control-"));
    }

    private static void content(Map<String, List<String>> all, String policy, boolean isolated) {
        if (isolated) {
            put(all, "cross-origin-opener-policy", "same-origin");
        }
        put(all, "cross-origin-resource-policy", "same-site");
        put(all, "content-security-policy", policy);
        all.remove("set-cookie");
    }

    private static void put(Map<String, List<String>> all, String name, String value) {
        all.putIfAbsent(name, List.of(value));
    }

    private static String sandboxed(String policy) {
        String tame = policy.replace("allow-same-origin", "").strip();
        boolean present = Arrays.stream(tame.split(";")).map(String::strip).anyMatch(d -> d.equals("sandbox") || d.startsWith("sandbox "));
        return present ? tame : tame + "; sandbox";
    }
}
