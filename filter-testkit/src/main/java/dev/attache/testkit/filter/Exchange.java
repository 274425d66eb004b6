package dev.attache.testkit.filter;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.http.RequestSink;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.http.ServerHttpConnection;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.StreamInfo;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response: the test sends the one as the client and the other as the upstream,
 * and looks at what has arrived on either side of the filter. Text is ISO 8859-1; fields are names
 * and values in turn.
 *
 * <p>Longer than files here should be: both sides send in the same five ways.
 */
public final class Exchange {

    private final FilterHarness harness;
    private final ClientStream client;
    private final Received nothing = new Received("forwarded request");
    private @Nullable RequestSink request;
    private Neighbours.@Nullable First first;
    private Neighbours.@Nullable Upstream upstream;

    Exchange(FilterHarness harness, ClientStream client) {
        this.harness = harness;
        this.client = client;
    }

    void begin(ServerHttpConnection.Listener connection, Headers head, boolean end) {
        RequestSink sink = connection.onStream(client);
        request = sink;
        client.request(sink);
        sink.headers(head, end);
        if (end) {
            client.requestEnded();
        }
    }

    void began(Neighbours.First neighbour) {
        first = neighbour;
    }

    void reaches(Neighbours.Upstream neighbour) {
        upstream = neighbour;
    }

    // ---- the client sends ----------------------------------------------------------------------

    /** A piece of the request's body. What comes after the exchange has ended is dropped. */
    public Exchange body(String text) {
        return body(bytes(text));
    }

    /** A piece of the request's body. */
    public Exchange body(byte[] bytes) {
        return send(bytes, false);
    }

    /** The request ends, with an empty piece. */
    public Exchange end() {
        return send(new byte[0], true);
    }

    /** The last piece of the request's body. */
    public Exchange end(String text) {
        return end(bytes(text));
    }

    /** The last piece of the request's body. */
    public Exchange end(byte[] bytes) {
        return send(bytes, true);
    }

    private Exchange send(byte[] bytes, boolean end) {
        harness.sawBody(bytes.length);
        for (Cut.Piece piece : harness.cut().pieces(bytes, end)) {
            harness.step();
            RequestSink sink = request;
            if (sink == null || client.closed()) {
                return this;
            }
            sink.data(buffer(piece.bytes()), piece.end());
            if (piece.end() && !client.closed()) {
                client.requestEnded();
            }
            harness.worker().settle();
        }
        return this;
    }

    /** The request ends with trailers. */
    public Exchange trailers(String... fields) {
        harness.step();
        RequestSink sink = request;
        if (sink != null && !client.closed()) {
            sink.trailers(HeaderList.of(MessagePart.REQUEST_TRAILERS, fields));
            if (!client.closed()) {
                client.requestEnded();
            }
            harness.worker().settle();
        }
        return this;
    }

    /** The client gives the exchange up. */
    public Exchange clientLeaves() {
        harness.step();
        leaveNow();
        return this;
    }

    /** The client does not take what is sent to it, or takes it again. */
    public Exchange clientReadsSlowly(boolean slowly) {
        client.readsSlowly(slowly);
        harness.worker().settle();
        return this;
    }

    void leaveNow() {
        RequestSink sink = request;
        if (sink != null && !client.closed()) {
            client.left();
            sink.reset(ResetReason.REMOTE_RESET);
            harness.worker().settle();
        }
        client.account().close();
    }

    /** As {@link #leaveNow}, where the connection manager is told by its connection. */
    void connectionClosed() {
        if (!client.closed()) {
            client.left();
        }
        client.account().close();
    }

    // ---- the upstream answers ------------------------------------------------------------------

    /** A 1xx head of the upstream. */
    public Exchange informational(int status, String... headers) {
        harness.step();
        upstream().answer("an interim response").informational(head(status, headers));
        harness.worker().settle();
        return this;
    }

    /**
     * The head of the upstream's response; the rest follows.
     *
     * @throws AssertionError no request has been forwarded, or the exchange has ended
     */
    public Exchange respond(int status, String... headers) {
        return respond(status, false, headers);
    }

    /** A whole response without a body. */
    public Exchange respondEmpty(int status, String... headers) {
        return respond(status, true, headers);
    }

    private Exchange respond(int status, boolean end, String... headers) {
        harness.step();
        upstream().answer("a response").headers(head(status, headers), end);
        harness.worker().settle();
        return this;
    }

    /** A piece of the response's body. */
    public Exchange responseBody(String text) {
        return answer(bytes(text), false);
    }

    /** A piece of the response's body. */
    public Exchange responseBody(byte[] bytes) {
        return answer(bytes, false);
    }

    /** The response ends, with an empty piece. */
    public Exchange responseEnd() {
        return answer(new byte[0], true);
    }

    /** The last piece of the response's body. */
    public Exchange responseEnd(String text) {
        return answer(bytes(text), true);
    }

    /** The last piece of the response's body. */
    public Exchange responseEnd(byte[] bytes) {
        return answer(bytes, true);
    }

    private Exchange answer(byte[] bytes, boolean end) {
        harness.sawBody(bytes.length);
        for (Cut.Piece piece : harness.cut().pieces(bytes, end)) {
            harness.step();
            Neighbours.Upstream from = upstream();
            if (!from.mayAnswer() && from.answered()) {
                return this;
            }
            from.answer("a body").data(buffer(piece.bytes()), piece.end());
            harness.worker().settle();
        }
        return this;
    }

    /** The response ends with trailers. */
    public Exchange responseTrailers(String... fields) {
        harness.step();
        upstream()
                .answer("trailers")
                .trailers(HeaderList.of(MessagePart.RESPONSE_TRAILERS, fields));
        harness.worker().settle();
        return this;
    }

    /** The upstream cuts its response short. */
    public Exchange upstreamResets() {
        harness.step();
        upstream().answer("a reset");
        upstreamResetsNow();
        return this;
    }

    void upstreamResetsNow() {
        Neighbours.Upstream from = upstream;
        if (from != null && from.mayAnswer()) {
            from.answer("a reset").reset(ResetReason.REMOTE_RESET);
            harness.worker().settle();
        }
    }

    /** The upstream does not take what is sent to it, or takes it again. */
    public Exchange upstreamReadsSlowly(boolean slowly) {
        upstream().readsSlowly(slowly);
        harness.worker().settle();
        return this;
    }

    // ---- what has come of it -------------------------------------------------------------------

    /** The request as it came out behind the filter. */
    public Received forwarded() {
        return upstream == null ? nothing : upstream.forwarded;
    }

    /** The response as the client got it. */
    public Received response() {
        return client.response;
    }

    /** Whether neither side has anything more to come. */
    public boolean isOver() {
        return client.closed();
    }

    /** Envoy's response code details; null where there are none. */
    public @Nullable String details() {
        return info().responseCodeDetails();
    }

    /** Envoy's response flags, separated by commas; {@code -} where there are none. */
    public String flags() {
        return info().flags(false);
    }

    /**
     * What filter and access log know of the stream.
     *
     * @throws AssertionError the filters have not seen it
     */
    public StreamInfo info() {
        StreamInfo known = first == null ? null : first.info;
        if (known == null) {
            throw new AssertionError("the filters have not seen the request");
        }
        return known;
    }

    /** Dynamic metadata at that place; null where there is none. */
    public @Nullable MetadataValue metadata(String namespace, String... path) {
        return info().dynamicMetadata().get(namespace, List.of(path));
    }

    /** Whether the client is held back: somebody has more of the request than it may hold. */
    public boolean isClientHeld() {
        return client.input.held();
    }

    /** Whether the upstream is held back. */
    public boolean isUpstreamHeld() {
        return upstream().response.held();
    }

    /** Turns the worker's loop until something has been forwarded: for filters with threads. */
    public Exchange awaitForwarded() {
        harness.await("the request is forwarded", () -> forwarded().began());
        return this;
    }

    /** Turns the worker's loop until the client has the whole response. */
    public Exchange awaitResponse() {
        harness.await("the response is complete", () -> response().ended() || isOver());
        return this;
    }

    private Neighbours.Upstream upstream() {
        Neighbours.Upstream known = upstream;
        if (known == null) {
            throw new AssertionError("the filters have not seen the request");
        }
        return known;
    }

    private ByteBuf buffer(byte[] bytes) {
        return harness.worker().allocator().buffer(Math.max(1, bytes.length)).writeBytes(bytes);
    }

    private static Headers head(int status, String... fields) {
        Headers head = new Headers(MessagePart.RESPONSE);
        head.add(HeaderName.STATUS, status);
        HeaderList.addTo(head, fields);
        return head;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Both messages, details and flags. */
    @Override
    public String toString() {
        StreamInfo known = first == null ? null : first.info;
        return "forwarded:\n"
                + forwarded()
                + "\nresponse:\n"
                + response()
                + (known == null
                        ? ""
                        : "\ndetails: " + known.responseCodeDetails() + "\nflags: " + flags());
    }
}
