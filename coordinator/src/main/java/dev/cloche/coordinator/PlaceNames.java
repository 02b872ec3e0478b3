package dev.cloche.coordinator;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What places are called: nodes and tabs as they say, the last ones that left too. Any thread. */
final class PlaceNames {
    private static final int MOST = 4000;

    private final Map<String, String> names = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST;
        }
    };

    /** A node or tab that joined. */
    synchronized void note(String id, String name) {
        names.put(id, name);
    }

    /** What this place is called; of several with commas between them, each once. Empty if there is one that has no name. */
    synchronized Optional<String> of(String places) {
        List<Optional<String>> all = Arrays.stream(places.split(",", -1)).map(id -> id.equals(LocalPlace.ID) ? Optional.of(LocalPlace.NAME) : Optional.ofNullable(names.get(id))).toList();
        return all.stream().allMatch(Optional::isPresent) ? Optional.of(all.stream().flatMap(Optional::stream).distinct().collect(Collectors.joining(", "))) : Optional.empty();
    }
}
