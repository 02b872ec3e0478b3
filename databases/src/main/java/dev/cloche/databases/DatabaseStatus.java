package dev.cloche.databases;

import dev.cloche.tables.Store;
import dev.cloche.values.ConnectionId;
import dev.cloche.values.Identity;
import java.util.Collection;
import java.util.List;

/**
 * What a running database holds at a moment.
 *
 * @param tables all of them, private ones too
 * @param clients those that are connected, in the order in which they came
 * @param bytes about how much memory rows and indexes take
 * @param offset number of the last transaction
 */
record DatabaseStatus(List<Table> tables, List<Connected> clients, long bytes, long offset) {
    /** Of a database that does not run. */
    static final DatabaseStatus ASLEEP = new DatabaseStatus(List.of(), List.of(), 0, 0);

    /** Copies the lists. */
    DatabaseStatus {
        tables = List.copyOf(tables);
        clients = List.copyOf(clients);
    }

    /** One table with its size; an event table tells its rows and keeps none. */
    record Table(String name, int id, boolean event, long rows, long bytes) {}

    /** A client. */
    record Connected(Identity identity, ConnectionId connection) {}

    static DatabaseStatus of(DatabaseCore core, Collection<Client> clients) {
        Store store = core.store;
        return new DatabaseStatus(
                store.schema().tables().stream().map(table -> new Table(table.name(), table.id(), table.event(), store.rowCount(table.id()), store.memory(table.id()))).toList(),
                clients.stream().map(client -> new Connected(client.identity(), client.connection())).toList(),
                store.memory(), core.offset());
    }

    long rows() {
        return tables.stream().mapToLong(Table::rows).sum();
    }
}
