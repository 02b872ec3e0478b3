package dev.cloche.databases;

import dev.cloche.databases.LiveDatabase.CallAnswer;
import dev.cloche.databases.LiveDatabase.SqlAnswer;
import dev.cloche.databases.ReducerOutcome.Failure;
import dev.cloche.modules.Caller;
import dev.cloche.schema.ModuleSchema.HttpRoute;
import dev.cloche.schema.ModuleSchema.Lifecycle;
import dev.cloche.schema.ModuleSchema.Procedure;
import dev.cloche.tables.RowList;
import dev.cloche.tables.SqlCaller;
import dev.cloche.tables.SqlException;
import dev.cloche.tables.SqlStatement;
import dev.cloche.tables.Transaction;
import dev.cloche.values.ConnectionId;
import dev.cloche.values.Identity;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What is asked of a database without a connection that stays: calls, SQL and the module's own HTTP. */
final class OneOffCalls {
    private final RunningDatabase database;

    OneOffCalls(RunningDatabase database) {
        this.database = database;
    }

    /** Calls a reducer as a client that comes for this one call and goes, or a procedure. */
    CompletionStage<CallAnswer> call(Identity sender, String function, byte[] arguments) {
        Optional<Procedure> procedure = database.module().reducer(function).isPresent() ? Optional.empty() : database.module().procedure(function);
        ConnectionId connection = Claims.fresh();
        if (procedure.isPresent()) {
            return callProcedure(new Caller(sender, connection, database.now()), function, arguments);
        }
        return database.ask(arguments.length, running -> {
            Caller caller = new Caller(sender, connection, database.now());
            Optional<DatabaseCore.Ended> let = running.call(Lifecycle.CONNECTED, caller);
            let.ifPresent(one -> database.tell(one, null));
            Optional<String> refusal = let.flatMap(one -> RunningDatabase.refusal(one.outcome()));
            if (refusal.isPresent()) {
                return new CallAnswer.NotLetIn(refusal.get());
            }
            DatabaseCore.Ended ended = running.call(caller, 0, function, arguments);
            database.tell(ended, null);
            CallAnswer answer = new CallAnswer.OfReducer(ended.outcome(), ended.offset(), ended.call().nanoseconds());
            running.call(Lifecycle.DISCONNECTED, new Caller(sender, connection, database.now())).ifPresent(one -> database.tell(one, null));
            return answer;
        }, () -> new CallAnswer.OfReducer(new ReducerOutcome.Failed(Failure.UNAVAILABLE, RunningDatabase.STOPPING), 0, 0));
    }

    private CompletionStage<CallAnswer> callProcedure(Caller caller, String function, byte[] arguments) {
        CompletableFuture<CallAnswer> answer = new CompletableFuture<>();
        boolean taken = database.submit(arguments.length, running -> database.procedures(work -> work.call(function, caller, arguments, ended -> {
            // the last transaction is at least the last one of this procedure
            boolean told = database.force(later -> answer.complete(new CallAnswer.OfProcedure(ended.outcome(), later.offset(), ended.nanoseconds())));
            if (!told) {
                answer.complete(new CallAnswer.OfProcedure(ended.outcome(), database.durableOffset(), ended.nanoseconds()));
            }
        })));
        if (!taken) {
            answer.complete(new CallAnswer.OfProcedure(new ProcedureOutcome.Failed(Failure.UNAVAILABLE, RunningDatabase.STOPPING), 0, 0));
        }
        return answer;
    }

    /** Lets the module answer an HTTP request, if it has a route for it. */
    CompletionStage<HandlerOutcome> handle(HandlerRequest request) {
        CompletableFuture<HandlerOutcome> answer = new CompletableFuture<>();
        boolean taken = database.submit(running -> {
            switch (Handlers.find(database.module().routes(), request.method(), request.path())) {
                case Handlers.Found.Nothing(HandlerOutcome why) -> answer.complete(why);
                case Handlers.Found.One(HttpRoute route) -> database.procedures(work -> work.handlers().run(route, request, answer));
            }
        });
        if (!taken) {
            answer.complete(new HandlerOutcome.Failed(Failure.UNAVAILABLE, RunningDatabase.STOPPING));
        }
        return answer;
    }

    /** Answers a query, or makes a change in a transaction of its own. Fails with {@link SqlException}. */
    CompletionStage<SqlAnswer> sql(Identity sender, boolean owner, String sql) {
        return database.ask(sql.length(), running -> {
            long start = System.nanoTime();
            var caller = new SqlCaller(running.sqlCaller(sender).identity(), owner);
            SqlStatement statement = SqlStatement.compile(running.subscriptions, sql, caller);
            if (!statement.changes()) {
                SqlStatement.Rows rows = statement.rows();
                return new SqlAnswer(rows.type().elements(), rows.rows(), 0, 0, 0, System.nanoTime() - start, running.offset());
            }
            Transaction transaction = running.store.begin();
            SqlStatement.Changed changed;
            try {
                changed = statement.change(transaction);
            } catch (RuntimeException e) {
                transaction.rollback();
                throw e;
            }
            database.tell(Optional.empty(), running.committed(transaction.commit(), database.now()), null);
            return new SqlAnswer(List.of(), RowList.EMPTY, changed.inserted(), changed.deleted(), changed.updated(),
                    System.nanoTime() - start, running.offset());
        }, () -> {
            throw new SqlException(RunningDatabase.STOPPING, -1);
        });
    }
}
