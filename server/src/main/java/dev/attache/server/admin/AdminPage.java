package dev.attache.server.admin;

import dev.attache.server.admin.http.AdminAnswer;
import dev.attache.server.admin.http.AdminBody;
import dev.attache.server.admin.http.AdminRequest;
import dev.attache.server.admin.http.AdminResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A page of the administration interface for whoever asks within the process: the agent. The body
 * is made on the thread that reads it, piece by piece.
 */
public record AdminPage(int status, InputStream body) {

    /**
     * Has the main loop answer, as for a request that came over the network, and waits.
     *
     * @throws IOException when it does not in time
     */
    static AdminPage of(
            AdminEndpoints endpoints, Executor main, AdminRequest request, Duration limit)
            throws IOException {
        CompletableFuture<AdminAnswer> answer = new CompletableFuture<>();
        main.execute(() -> {
            try {
                answer.complete(endpoints.handle(request));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return of(answer.get(limit.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            throw new IOException("the main loop does not answer in " + limit, e);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static AdminPage of(AdminAnswer answer) {
        AdminResponse response =
                switch (answer) {
                    case AdminResponse given -> given;
                    case AdminAnswer.Later later -> later.page().get();
                    case AdminAnswer.Eventually given -> given.page().join();
                };
        return new AdminPage(response.status(), new Pieces(response.body()));
    }

    /** Reads the pieces one after the other. */
    private static final class Pieces extends InputStream {

        private final AdminBody body;
        private byte[] piece = {};
        private int at;
        private boolean over;

        Pieces(AdminBody body) {
            this.body = body;
        }

        @Override
        public int read() {
            return more() ? piece[at++] & 0xff : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (length == 0) {
                return 0;
            }
            if (!more()) {
                return -1;
            }
            int given = Math.min(length, piece.length - at);
            System.arraycopy(piece, at, into, offset, given);
            at += given;
            return given;
        }

        private boolean more() {
            while (!over && at == piece.length) {
                byte[] next = body.next();
                over = next == null;
                piece = next == null ? piece : next;
                at = next == null ? at : 0;
            }
            return !over;
        }
    }
}
