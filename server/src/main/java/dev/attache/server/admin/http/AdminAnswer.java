package dev.attache.server.admin.http;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What the main loop says to a request. */
public sealed interface AdminAnswer
        permits AdminResponse, AdminAnswer.Later, AdminAnswer.Eventually {

    /**
     * The main loop has handed over all that is needed, none of which changes any more; what
     * remains to be done, however long it takes, is done on the admin thread.
     */
    record Later(Supplier<AdminResponse> page) implements AdminAnswer {}

    /**
     * Another thread is asked, and nobody waits for it.
     *
     * @param page completed by whichever thread, in bounded time
     */
    record Eventually(CompletableFuture<AdminResponse> page) implements AdminAnswer {}
}
