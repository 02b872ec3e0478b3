package dev.cloche.http;

/** Whether the client of a request is still there. For the thread that handles the request. */
interface Presence {
    /** Where a request that came over a connection has it. */
    Request.Attribute<Presence> ATTRIBUTE = new Request.Attribute<>("presence", Presence.class);

    /**
     * From now on this thread is interrupted when the client goes away.
     *
     * @throws InterruptedException if it has gone
     */
    void watch() throws InterruptedException;

    /**
     * No more.
     *
     * @throws InterruptedException if it went away meanwhile; the thread is not marked as interrupted then
     */
    void unwatch() throws InterruptedException;
}
