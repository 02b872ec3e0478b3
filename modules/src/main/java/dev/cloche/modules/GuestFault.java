package dev.cloche.modules;

/** A guest did what no module may do, such as passing a forged pointer: its call ends. */
final class GuestFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GuestFault(String message) {
        super(message, null, false, false);
    }
}
