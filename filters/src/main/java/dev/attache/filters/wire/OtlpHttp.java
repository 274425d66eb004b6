package dev.attache.filters.wire;

import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.HttpService;
import dev.attache.proxy.call.Posting;
import dev.attache.proxy.call.UpstreamCalls;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import io.netty.buffer.ByteBuf;
import java.util.function.IntConsumer;

/** Requests of OTLP over HTTP, as Envoy makes them. Stateless. */
public final class OtlpHttp {

    /** What Envoy of this API calls itself. */
    private static final String USER_AGENT = "OTel-OTLP-Exporter-Envoy/1.40.0";

    private OtlpHttp() {}

    /**
     * Sends a message; what is in the answer beside its status does not matter.
     *
     * @param message takes ownership
     * @param answered see {@link Posting#send}
     */
    public static void post(
            UpstreamCalls calls, HttpService service, ByteBuf message, IntConsumer answered) {
        Headers head = service.post("application/x-protobuf", Nobody.context());
        head.setIfAbsent(HeaderName.USER_AGENT, USER_AGENT);
        Posting.send(
                calls,
                service.cluster(),
                head,
                message,
                CallOptions.DEFAULT.report().timeout(service.timeoutMillis()),
                answered);
    }
}
