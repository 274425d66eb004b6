package dev.attache.agent.status;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * An answer on its way: what is small goes with its length, what is large in pieces, and compressed
 * where the client takes that, as Go's server and its gzip handler do. On the virtual thread of its
 * request, which waits for the client at each piece.
 */
final class WrittenReply implements StatusReply {

    /** What is held back, to be sent with its length. */
    private static final int PIECE = 2 * 1024;

    /** From here on a body is compressed. */
    private static final int COMPRESSED = 1024;

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

    /** What a client may take to read one piece. */
    private static final long PIECE_LIMIT_SECONDS = 60;

    private final Channel channel;
    private final boolean headOnly;
    private final boolean gzip;
    private final HttpResponse head =
            new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private final OutputStream entry = new Entry();
    private @Nullable OutputStream streaming;
    private long unsent;
    private boolean finished;

    WrittenReply(Channel channel, boolean keepAlive, boolean headOnly, String encodings) {
        this.channel = channel;
        this.headOnly = headOnly;
        this.gzip = encodings.contains("gzip");
        if (!keepAlive) {
            head.headers().set("Connection", HttpHeaderValues.CLOSE);
        }
    }

    @Override
    public void field(String name, String value) {
        head.headers().set(name, value);
    }

    @Override
    public void status(int status) {
        head.setStatus(HttpResponseStatus.valueOf(status));
    }

    @Override
    public OutputStream body() {
        return entry;
    }

    /** Holds what is small, streams what is not. */
    private final class Entry extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            OutputStream out = streaming;
            if (out != null) {
                out.write(bytes, offset, length);
                return;
            }
            unsent += length;
            if (headOnly) {
                held.write(bytes, offset, Math.min(length, PIECE - Math.min(PIECE, held.size())));
                return;
            }
            held.write(bytes, offset, length);
            if (held.size() >= PIECE) {
                begin();
            }
        }
    }

    private void begin() throws IOException {
        describe();
        head.headers().set("Transfer-Encoding", HttpHeaderValues.CHUNKED);
        OutputStream pieces = new Pieces();
        if (gzip) {
            head.headers().set("Content-Encoding", HttpHeaderValues.GZIP);
        }
        send(channel.writeAndFlush(head));
        OutputStream out = gzip ? new GZIPOutputStream(pieces, 8 * PIECE) : pieces;
        streaming = out;
        out.write(held.toByteArray());
        held.reset();
    }

    @Override
    public void finish() throws IOException {
        if (finished) {
            return;
        }
        finished = true;
        OutputStream out = streaming;
        if (out != null) {
            out.close();
            send(channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
            return;
        }
        describe();
        byte[] body = held.toByteArray();
        if (gzip && !headOnly && body.length >= COMPRESSED) {
            head.headers().set("Content-Encoding", HttpHeaderValues.GZIP);
            ByteArrayOutputStream smaller = new ByteArrayOutputStream();
            try (GZIPOutputStream zip = new GZIPOutputStream(smaller)) {
                zip.write(body);
            }
            body = smaller.toByteArray();
        }
        head.headers().set("Content-Length", headOnly ? unsent : body.length);
        channel.write(head);
        if (body.length > 0 && !headOnly) {
            channel.write(new DefaultHttpContent(Unpooled.wrappedBuffer(body)));
        }
        send(channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
    }

    private void describe() {
        HttpHeaders headers = head.headers();
        headers.set("Date", DATE.format(ZonedDateTime.now(ZoneOffset.UTC)));
        headers.set("Vary", "Accept-Encoding");
        if (held.size() > 0 && !headers.contains("Content-Type")) {
            headers.set("Content-Type", ContentSniffing.type(held.toByteArray()));
        }
    }

    private static void send(ChannelFuture written) throws IOException {
        if (!written.awaitUninterruptibly(PIECE_LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("the client does not read");
        }
        if (!written.isSuccess()) {
            throw new IOException(written.cause());
        }
    }

    /** To the client, a piece at a time. */
    private final class Pieces extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return;
            }
            byte[] copy = java.util.Arrays.copyOfRange(bytes, offset, offset + length);
            send(channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(copy))));
        }
    }
}
