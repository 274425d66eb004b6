package dev.attache.proxy.upstream.health;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.grpc.GrpcContent;
import dev.attache.proxy.http.grpc.GrpcTimeout;
import dev.attache.proxy.upstream.spec.HealthCheckSpec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * {@code GrpcHealthCheck}: a unary call of {@code grpc.health.v1.Health/Check}, whose two messages
 * are small enough to be written and read here.
 */
final class GrpcProbe implements Probe, HttpExchanges.Owner {

    private static final String PATH = "/grpc.health.v1.Health/Check";
    private static final String GRPC = "application/grpc";
    private static final int FRAME_HEAD = 5;

    /** More than any answer of one enumeration needs. */
    private static final int MAX_FRAME = 1 << 16;

    private final HostCheck check;
    private final HealthCheckSpec.Grpc spec;
    private final HttpExchanges exchanges;
    private @Nullable ByteBuf received;

    GrpcProbe(HostCheck check, HealthCheckSpec.Grpc spec) {
        this.check = check;
        this.spec = spec;
        this.exchanges = new HttpExchanges(check, connection -> Protocol.HTTP2, this);
    }

    @Override
    public void begin() {
        forget();
        exchanges.begin();
    }

    private void forget() {
        ByteBuf last = received;
        received = null;
        if (last != null) {
            last.release();
        }
    }

    @Override
    public void giveUp() {
        forget();
        exchanges.end(false);
    }

    @Override
    public void close() {
        forget();
        exchanges.drop();
    }

    @Override
    public void onStream(HttpStream stream, boolean secure) {
        Headers request = new Headers(MessagePart.REQUEST);
        request.add(HeaderName.METHOD, "POST");
        request.add(HeaderName.PATH, PATH);
        request.add(HeaderName.AUTHORITY, check.authority(spec.authority()));
        request.add(HeaderName.SCHEME, secure ? "https" : "http");
        request.add(HeaderName.TE, "trailers");
        request.add(HeaderName.CONTENT_TYPE, GRPC);
        request.add(HeaderName.USER_AGENT, RequestFacts.USER_AGENT);
        spec.metadata()
                .apply(
                        request,
                        RequestFacts.of(check, stream.connection().connection().info(), request));
        request.set(
                HeaderName.GRPC_TIMEOUT, GrpcTimeout.text(check.cluster().spec().timeoutMillis()));
        stream.headers(request, false);
        stream.data(message(), true);
    }

    /** {@code HealthCheckRequest} with its field 1, {@code service}, in a gRPC frame. */
    private ByteBuf message() {
        byte[] service = spec.service().getBytes(StandardCharsets.UTF_8);
        ByteBuf body = Unpooled.buffer(service.length + 8);
        if (service.length > 0) {
            body.writeByte(1 << 3 | 2);
            int rest = service.length;
            while (rest > 0x7f) {
                body.writeByte(rest & 0x7f | 0x80);
                rest >>>= 7;
            }
            body.writeByte(rest).writeBytes(service);
        }
        ByteBuf frame = Unpooled.buffer(FRAME_HEAD + body.readableBytes());
        frame.writeByte(0).writeInt(body.readableBytes()).writeBytes(body);
        return frame;
    }

    @Override
    public void onHeaders(Headers headers, boolean end) {
        if (headers.getLong(HeaderName.STATUS) != 200) {
            // Trailers-only with a status of gRPC's own, or of HTTP: a failure either way but OK.
            done(end && isOk(headers), end);
        } else if (end) {
            done(isOk(headers), true);
        } else if (!GrpcContent.isGrpc(headers)) {
            done(false, false);
        }
    }

    private static boolean isOk(Headers headers) {
        return headers.getOr(HeaderName.GRPC_STATUS, "").equals("0");
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
        if (end) {
            // A stream ends with trailers.
            done(false, true);
            return;
        }
        ByteBuf all = received;
        if (all == null) {
            all = Unpooled.buffer();
            received = all;
        }
        if (all.readableBytes() + data.readableBytes() > MAX_FRAME) {
            done(false, false);
            return;
        }
        all.writeBytes(data, data.readerIndex(), data.readableBytes());
    }

    @Override
    public void onTrailers(Headers trailers) {
        done(isOk(trailers), true);
    }

    @Override
    public void onBroken() {
        forget();
        exchanges.end(true);
        check.failed(FailureType.NETWORK, false, 0);
    }

    private void done(boolean ok, boolean complete) {
        boolean serving = ok && isServing(received);
        forget();
        exchanges.end(complete);
        if (serving) {
            check.passed(false);
        } else {
            check.failed(FailureType.ACTIVE, false, 0);
        }
    }

    /** One frame, not compressed, with {@code status} (field 1) SERVING. */
    private static boolean isServing(@Nullable ByteBuf frames) {
        boolean serving = false;
        boolean seen = false;
        ByteBuf in = frames == null ? Unpooled.EMPTY_BUFFER : frames;
        while (in.readableBytes() >= FRAME_HEAD) {
            boolean plain = in.readByte() == 0;
            long length = in.readUnsignedInt();
            if (!plain || length > in.readableBytes()) {
                return false;
            }
            if (length > 0) {
                if (seen) {
                    return false;
                }
                seen = true;
                serving = status(in.readSlice((int) length)) == 1;
            }
        }
        return serving && !in.isReadable();
    }

    /** {@code HealthCheckResponse.status}; −1 where the message cannot be read. */
    private static long status(ByteBuf in) {
        long status = 0;
        while (in.isReadable()) {
            long tag = varint(in);
            switch ((int) (tag & 7)) {
                case 0 -> {
                    long value = varint(in);
                    if (value < 0) {
                        return -1;
                    }
                    if (tag == 1 << 3) {
                        status = value;
                    }
                }
                case 1 -> {
                    if (!skip(in, 8)) {
                        return -1;
                    }
                }
                case 2 -> {
                    if (!skip(in, varint(in))) {
                        return -1;
                    }
                }
                case 5 -> {
                    if (!skip(in, 4)) {
                        return -1;
                    }
                }
                default -> {
                    return -1;
                }
            }
        }
        return status;
    }

    private static boolean skip(ByteBuf in, long length) {
        if (length < 0 || length > in.readableBytes()) {
            return false;
        }
        in.skipBytes((int) length);
        return true;
    }

    /** −1 where it does not end, or is not worth reading. */
    private static long varint(ByteBuf in) {
        long value = 0;
        for (int shift = 0; shift < 63 && in.isReadable(); shift += 7) {
            int next = in.readByte();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        return -1;
    }
}
