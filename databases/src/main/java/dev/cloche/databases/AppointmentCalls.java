package dev.cloche.databases;

import dev.cloche.tables.Transaction;
import java.util.Optional;

/** Calls what a database does by the clock. On the database's thread. */
final class AppointmentCalls {
    private AppointmentCalls() {}

    /** Keeps the next appointment, if it is due. */
    static void keep(RunningDatabase database, DatabaseCore core, long now) {
        core.appointments().due(now).ifPresent(one -> {
            if (core.hasReducer(one.function())) {
                database.tell(core.callScheduled(one.function(), one.row(), now), null);
                remove(database, core, one);
            } else {
                remove(database, core, one);
                database.procedures(work -> work.callScheduled(one.function(), one.row()));
            }
        });
    }

    /** A single appointment is over once it was kept, however that ended. */
    private static void remove(RunningDatabase database, DatabaseCore core, Appointments.Appointment one) {
        if (one.interval() > 0) {
            return;
        }
        Transaction transaction = core.store.begin();
        transaction.delete(one.table(), one.row());
        database.tell(Optional.empty(), core.committed(transaction.commit(), database.now()), null);
    }
}
