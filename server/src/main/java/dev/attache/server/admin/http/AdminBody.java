package dev.attache.server.admin.http;

import dev.attache.server.admin.message.MessagePrinter;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, which is made piece by piece as the client takes it. Asked on the admin
 * thread.
 */
@FunctionalInterface
public interface AdminBody {

    /** About as much as a turn of the loop should make at once. */
    int PIECE = 1 << 15;

    /** The next piece, which may be empty; null when there is none. */
    byte @Nullable [] next();

    static AdminBody of(String text) {
        return of(
                text.isEmpty()
                        ? java.util.List.<String>of().iterator()
                        : java.util.List.of(text).iterator());
    }

    /** Texts one after the other. */
    static AdminBody of(Iterator<String> texts) {
        return () -> {
            StringBuilder piece = new StringBuilder();
            while (piece.length() < PIECE && texts.hasNext()) {
                piece.append(texts.next());
            }
            return piece.isEmpty() ? null : piece.toString().getBytes(StandardCharsets.UTF_8);
        };
    }

    static AdminBody of(MessagePrinter printer) {
        return () -> printer.next(PIECE);
    }
}
