package dev.cloche.http;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a composed server owes its contract: a route for each operation and no other, and a refusal for whoever is not let in.
 * Returns what is wrong, one line each, so that any module's tests can use it.
 */
public final class ContractMatrix {
    private static final String ID = "0123456789abcdef";

    private final Contract contract = Contract.load();

    /** Differences between routes and the operations that a part owns. */
    public List<String> differences(List<Route> routes, Predicate<Contract.Operation> owned) {
        Set<String> operations = contract.operations().stream().filter(owned).map(o -> Contract.key(o.method(), o.path())).collect(Collectors.toSet());
        Set<String> served = routes.stream().map(r -> Contract.key(r.method(), r.path())).collect(Collectors.toSet());
        List<String> wrong = new ArrayList<>();
        difference(operations, served).forEach(key -> wrong.add("no route for " + key));
        difference(served, operations).forEach(key -> wrong.add("not in openapi.yaml: " + key));
        Set<String> open = contract.operations().stream().filter(Contract.Operation::open).map(o -> Contract.key(o.method(), o.path())).collect(Collectors.toSet());
        for (Route route : routes) {
            String key = Contract.key(route.method(), route.path());
            if (operations.contains(key) && open.contains(key) != (route.admission() != Route.Admission.ACTOR)) {
                wrong.add("admission differs from openapi.yaml: " + key);
            }
        }
        return wrong;
    }

    /**
     * Operations that answer somebody who must be refused, over a socket: nobody, a cookie with which user content asks, a
     * token that a page of user content has, a foreign page, a cookie without Fetch Metadata.
     *
     * @param cookie of a session that holds
     * @param token that holds
     */
    public List<String> leaks(int port, Predicate<Contract.Operation> owned, String cookie, String token) {
        String host = "cloche.localhost:" + port;
        String content = "Origin: http://5000--ws-" + ID + ".host." + host;
        List<String> wrong = new ArrayList<>();
        for (Contract.Operation operation : contract.operations()) {
            if (!owned.test(operation)) {
                continue;
            }
            boolean open = operation.open();
            List<Set<Integer>> expected = List.of(open ? Set.of() : Set.of(401), Set.of(403), Set.of(403), Set.of(403), Set.of(403), open ? Set.of() : Set.of(403));
            List<String[]> senders = List.of(
                    new String[0],
                    new String[] {"Cookie: __Host-cloche=" + cookie, "Sec-Fetch-Site: same-site", content},
                    new String[] {"Cookie: __Host-cloche=" + cookie, "Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: no-cors"},
                    new String[] {"Authorization: Bearer " + token, "Sec-Fetch-Site: same-site", content},
                    new String[] {"Cookie: __Host-cloche=" + cookie, "Origin: null"},
                    new String[] {"Cookie: __Host-cloche=" + cookie});
            for (int i = 0; i < senders.size(); i++) {
                String target = operation.path().replaceAll("\\{[^}]*}", ID);
                SocketClient.Answer answer = SocketClient.once(port, operation.method(), target, host, senders.get(i));
                boolean headers = answer.headers().keySet().stream().anyMatch(name -> name.startsWith("access-control-"));
                if (headers || (!expected.get(i).isEmpty() && !expected.get(i).contains(answer.status()))) {
                    wrong.add(operation.method() + " " + operation.path() + " answers " + answer.status() + " to " + String.join(", ", senders.get(i)));
                }
            }
        }
        return wrong;
    }

    private static Set<String> difference(Set<String> from, Set<String> without) {
        Set<String> rest = new HashSet<>(from);
        rest.removeAll(without);
        return rest;
    }
}
