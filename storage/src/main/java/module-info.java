/** PostgreSQL: embedded or by URL, migrations, transactions, content-addressed blobs. */
module dev.cloche.storage {
    requires transitive dev.cloche.kernel;
    requires transitive org.jdbi.v3.core;
    requires transitive java.sql;
    requires flyway.core;
    requires com.zaxxer.hikari;
    requires org.postgresql.jdbc;
    requires org.apache.commons.compress;
    requires org.tukaani.xz;

    exports dev.cloche.storage;
}
