package dev.attache.server.admin.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers on one connection, in the order of their requests. A body is made as far as the
 * socket takes it and for one turn at a time, so that a client that reads slowly costs no more than
 * a socket's buffer, and nobody else waits for a large one. A client that has gone costs nothing
 * more. From a request on nothing further is read until it has been answered: who sends many at
 * once has one made at a time. On the loop of the connection.
 */
public final class AnswerQueue {

    private static final Logger LOG = LoggerFactory.getLogger("admin");
    private static final long TURN_NANOS = Duration.ofMillis(2).toNanos();

    /**
     * An answer.
     *
     * @param head without length: the body's is not known
     * @param body null where there is none to be sent
     * @param close whether the connection ends with it
     * @param done told once, when the client has it or has gone
     */
    public record Answer(
            HttpResponse head, @Nullable AdminBody body, boolean close, Completion done) {}

    /** What is to be done when an answer is over. */
    @FunctionalInterface
    public interface Completion {
        /**
         * The answer is over.
         *
         * @param sent bytes of the body
         */
        void done(long sent);
    }

    private final AdminResponseEncoder encoder;
    private final Queue<Answer> waiting = new ArrayDeque<>();
    private @Nullable Answer current;
    private long sent;

    /** Requests that were read and have not been answered. */
    private int open;

    private boolean closed;

    /** A flush tells at once that the socket takes more, while we are at it. */
    private boolean proceeding;

    public AnswerQueue(AdminResponseEncoder encoder) {
        this.encoder = encoder;
    }

    /** A request has come, whose answer will be added. */
    public void expect(ChannelHandlerContext ctx) {
        open++;
        ctx.channel().config().setAutoRead(false);
    }

    /** The answer to a request that was expected. */
    public void add(ChannelHandlerContext ctx, Answer answer) {
        if (closed) {
            over(answer, 0);
            return;
        }
        waiting.add(answer);
        if (current == null) {
            proceed(ctx);
        }
    }

    /** The socket takes more, or it is our turn again. */
    public void proceed(ChannelHandlerContext ctx) {
        if (!proceeding) {
            proceeding = true;
            boolean again = writeForOneTurn(ctx);
            proceeding = false;
            ctx.flush();
            ctx.channel().config().setAutoRead(open == 0);
            if (again) {
                // Not execute: the loop does up to 64 tasks before it looks at its sockets.
                ctx.executor().schedule(() -> proceed(ctx), 0, TimeUnit.NANOSECONDS);
            }
        }
    }

    /** Whether there is more to write, and the socket would take it. */
    private boolean writeForOneTurn(ChannelHandlerContext ctx) {
        long started = System.nanoTime();
        while (ctx.channel().isActive() && begin(ctx)) {
            if (!ctx.channel().isWritable()) {
                ctx.flush();
            }
            if (!ctx.channel().isWritable()) {
                return false;
            }
            piece(ctx);
            if (System.nanoTime() - started >= TURN_NANOS) {
                return true;
            }
        }
        return false;
    }

    /** Whether there is an answer under way. */
    private boolean begin(ChannelHandlerContext ctx) {
        if (current == null) {
            current = waiting.poll();
            if (current != null) {
                sent = 0;
                encoder.head(current.body() == null);
                ctx.write(current.head());
            }
        }
        return current != null;
    }

    private void piece(ChannelHandlerContext ctx) {
        Answer answer = current;
        if (answer == null) {
            return;
        }
        byte[] piece;
        try {
            piece = answer.body() == null ? null : answer.body().next();
        } catch (RuntimeException e) {
            LOG.error("an answer of the admin interface breaks off", e);
            end(answer);
            ctx.close();
            return;
        }
        if (piece != null) {
            sent += piece.length;
            if (piece.length > 0) {
                ctx.write(new DefaultHttpContent(Unpooled.wrappedBuffer(piece)));
            }
            return;
        }
        ChannelFuture last = ctx.write(LastHttpContent.EMPTY_LAST_CONTENT);
        if (answer.close()) {
            last.addListener(ChannelFutureListener.CLOSE);
        }
        end(answer);
    }

    private void end(Answer answer) {
        current = null;
        over(answer, sent);
    }

    private void over(Answer answer, long bytes) {
        open--;
        answer.done().done(bytes);
    }

    /** The client has gone: what was under way is over, what waits is never begun. */
    public void close() {
        closed = true;
        Answer answer = current;
        if (answer != null) {
            end(answer);
        }
        for (Answer unbegun = waiting.poll(); unbegun != null; unbegun = waiting.poll()) {
            over(unbegun, 0);
        }
    }
}
