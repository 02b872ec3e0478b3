package dev.cloche.http;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which requests may reach the control plane's routes, by what browsers say about their origin (Fetch Metadata; RFC 6454).
 *
 * <p>User content lives on the same site, so its requests carry the session cookie whatever {@code SameSite} says. Only a
 * request of the control plane's own pages may use the cookie; a request of any other page is refused, token or not.
 */
final class FetchRules {
    private final String own;

    /** Rules for this origin. */
    FetchRules(String own) {
        this.own = own;
    }

    /** What a request says about the page that sent it. */
    enum Sender {
        /** A page of the control plane itself. */
        OWN_PAGE,
        /** A person, by the address bar or a bookmark. */
        PERSON,
        /** A program that is no browser, or a browser that says nothing. */
        PROGRAM,
        /** Any other page: user content of the same site, or a foreign site. */
        OTHER_PAGE
    }

    /** Who sent it; contradicting headers count as another page. */
    Sender sender(Request request) {
        List<String> origins = request.headers("origin");
        List<String> sites = request.headers("sec-fetch-site");
        if (origins.size() > 1 || sites.size() > 1 || (origins.size() == 1 && !origins.getFirst().equals(own))) {
            return Sender.OTHER_PAGE;
        }
        if (sites.isEmpty()) {
            // browsers say the origin of each WebSocket, and some of them nothing more
            return origins.size() == 1 && isRead(request) && Handshake.isAsked(request) ? Sender.OWN_PAGE : Sender.PROGRAM;
        }
        return switch (sites.getFirst()) {
            case "same-origin" -> Sender.OWN_PAGE;
            case "none" -> origins.isEmpty() ? Sender.PERSON : Sender.OTHER_PAGE;
            case null, default -> Sender.OTHER_PAGE;
        };
    }

    /** Refuses a request that another page sent, unless it is a page load of something open outside the API. */
    void check(Request request, Optional<Route> route) {
        boolean harmless = route.isPresent()
                && route.get().admission() == Route.Admission.OPEN
                && !isApi(request.path())
                && isNavigation(request)
                && request.headers("origin").isEmpty();
        if (!harmless && sender(request) == Sender.OTHER_PAGE) {
            throw Problem.of(ErrorCode.FORBIDDEN, "Pages of other origins must not use the platform's API; it is for the pages of " + own
                    + " and, with a token, for programs outside of browsers.");
        }
    }

    /** Whether a browser loads this as a page by {@code GET}. */
    static boolean isNavigation(Request request) {
        return isRead(request) && request.header("sec-fetch-mode").orElse("").equals("navigate");
    }

    /** Whether the answer is to be looked at by a person: a {@code GET} that asks for HTML. */
    static boolean wantsPage(Request request) {
        return isRead(request)
                && request.headers("accept").stream().anyMatch(a -> a.toLowerCase(Locale.ROOT).contains("text/html"))
                && request.header("authorization").isEmpty();
    }

    static boolean isRead(Request request) {
        return request.method().equals("GET") || request.method().equals("HEAD");
    }

    static boolean isApi(String path) {
        return path.equals("/api") || path.startsWith("/api/");
    }
}
