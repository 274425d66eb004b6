package dev.attache.config.cluster;

import dev.attache.api.Overlay;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.matching.StringMatchers;
import dev.attache.config.route.HeaderMutationCompiler;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.upstream.spec.HealthCheckSpec;
import dev.attache.proxy.upstream.spec.HealthCheckSpec.StatusRange;
import dev.attache.proxy.upstream.spec.HealthCheckSpec.Tcp.ProxyProtocol;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.core.v3.ProxyProtocolConfig;
import io.envoyproxy.envoy.config.core.v3.RequestMethod;
import io.envoyproxy.envoy.type.v3.CodecClientType;
import io.envoyproxy.envoy.type.v3.Int64Range;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a health check asks: {@code http_health_check} and its siblings. */
final class ProbeCompiler {

    private static final Set<RequestMethod> WITHOUT_BODY =
            Set.of(
                    RequestMethod.GET,
                    RequestMethod.HEAD,
                    RequestMethod.DELETE,
                    RequestMethod.TRACE);

    private ProbeCompiler() {}

    static HealthCheckSpec.@Nullable Probe compile(HealthCheck check, CompileContext at) {
        return switch (check.getHealthCheckerCase()) {
            case HTTP_HEALTH_CHECK -> http(check.getHttpHealthCheck(), at.at("http_health_check"));
            case TCP_HEALTH_CHECK -> tcp(check.getTcpHealthCheck(), at.at("tcp_health_check"));
            case GRPC_HEALTH_CHECK -> grpc(check.getGrpcHealthCheck(), at.at("grpc_health_check"));
            case CUSTOM_HEALTH_CHECK -> null; // refused by the support table
            case HEALTHCHECKER_NOT_SET -> {
                at.error("no health checker is given");
                yield null;
            }
        };
    }

    private static HealthCheckSpec.Http http(HealthCheck.HttpHealthCheck http, CompileContext at) {
        boolean negotiates = Overlay.of(http).flag("use_alpn_protocol");
        if (http.getCodecClientType() == CodecClientType.HTTP3 && !negotiates) {
            at.at("codec_client_type").error("HTTP/3 is not built");
        }
        RequestMethod method =
                http.getMethod() == RequestMethod.METHOD_UNSPECIFIED
                        ? RequestMethod.GET
                        : http.getMethod();
        String body = http.hasSend() ? payload(http.getSend(), at.at("send")) : null;
        if (http.hasSend() && WITHOUT_BODY.contains(method)) {
            at.at("send")
                    .error(
                            "HTTP health check cannot specify a request payload with method '%s'. Only methods that support a request body (POST, PUT, PATCH, OPTIONS) can be used with payload."
                                    .formatted(method));
        }
        long limit =
                http.hasResponseBufferSize()
                        ? http.getResponseBufferSize().getValue()
                        : HealthCheckSpec.Http.RESPONSE_BUFFER_SIZE;
        List<String> receive = payloads(http.getReceiveList(), at);
        long expectedLength = receive.stream().mapToLong(String::length).sum();
        if (limit != 0 && Long.compareUnsigned(expectedLength, limit) > 0) {
            at.at("receive")
                    .error(
                            "The expected response length '%d' is over than http health response buffer size '%s'"
                                    .formatted(expectedLength, Long.toUnsignedString(limit)));
        }
        List<StatusRange> expected = ranges(http.getExpectedStatusesList(), "expected", at);
        return new HealthCheckSpec.Http(
                http.getCodecClientType() == CodecClientType.HTTP2,
                negotiates,
                method.name(),
                http.getHost(),
                http.getPath(),
                body == null || body.isEmpty() ? null : body,
                receive,
                limit < 0 ? Long.MAX_VALUE : limit,
                expected.isEmpty() ? HealthCheckSpec.Http.OK_ONLY : expected,
                ranges(http.getRetriableStatusesList(), "retriable", at),
                HeaderMutationCompiler.compile(
                        http.getRequestHeadersToAddList(),
                        "request_headers_to_add",
                        http.getRequestHeadersToRemoveList(),
                        "request_headers_to_remove",
                        at),
                serviceName(http, at));
    }

    private static @Nullable StringMatcher serviceName(
            HealthCheck.HttpHealthCheck http, CompileContext at) {
        return http.hasServiceNameMatcher()
                ? StringMatchers.compile(
                        http.getServiceNameMatcher(), at.at("service_name_matcher"))
                : null;
    }

    private static List<StatusRange> ranges(
            List<Int64Range> ranges, String kind, CompileContext at) {
        List<StatusRange> all = new ArrayList<>();
        for (int i = 0; i < ranges.size(); i++) {
            String wrong = wrong(ranges.get(i).getStart(), ranges.get(i).getEnd(), kind);
            if (wrong == null) {
                all.add(
                        new StatusRange(
                                (int) ranges.get(i).getStart(), (int) ranges.get(i).getEnd()));
            } else {
                at.at(kind + "_statuses", i).error(wrong);
            }
        }
        return all;
    }

    private static @Nullable String wrong(long start, long end, String kind) {
        String what = "Invalid http " + kind + " status range: expecting ";
        if (Long.compareUnsigned(start, end) >= 0) {
            return what
                    + "start < end, but found start="
                    + Long.toUnsignedString(start)
                    + " and end="
                    + Long.toUnsignedString(end);
        }
        if (start < 100) {
            return what + "start >= 100, but found start=" + start;
        }
        return Long.compareUnsigned(end, 600) > 0
                ? what + "end <= 600, but found end=" + Long.toUnsignedString(end)
                : null;
    }

    private static HealthCheckSpec.Tcp tcp(HealthCheck.TcpHealthCheck tcp, CompileContext at) {
        String send = tcp.hasSend() ? payload(tcp.getSend(), at.at("send")) : null;
        ProxyProtocol proxy = ProxyProtocol.NONE;
        if (tcp.hasProxyProtocolConfig()) {
            proxy =
                    tcp.getProxyProtocolConfig().getVersion() == ProxyProtocolConfig.Version.V2
                            ? ProxyProtocol.V2
                            : ProxyProtocol.V1;
        }
        return new HealthCheckSpec.Tcp(
                send == null ? "" : send, payloads(tcp.getReceiveList(), at), proxy);
    }

    private static HealthCheckSpec.Grpc grpc(HealthCheck.GrpcHealthCheck grpc, CompileContext at) {
        return new HealthCheckSpec.Grpc(
                grpc.getServiceName(),
                grpc.getAuthority(),
                HeaderMutationCompiler.compile(
                        grpc.getInitialMetadataList(),
                        "initial_metadata",
                        List.of(),
                        "request_headers_to_remove",
                        at));
    }

    private static List<String> payloads(List<HealthCheck.Payload> payloads, CompileContext at) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < payloads.size(); i++) {
            String payload = payload(payloads.get(i), at.at("receive", i));
            if (payload != null) {
                all.add(payload);
            }
        }
        return all;
    }

    /** The bytes as ISO 8859-1: {@code text} is hexadecimal. */
    private static @Nullable String payload(HealthCheck.Payload payload, CompileContext at) {
        if (payload.getPayloadCase() != HealthCheck.Payload.PayloadCase.TEXT) {
            return payload.getBinary().toString(StandardCharsets.ISO_8859_1);
        }
        try {
            byte[] bytes = HexFormat.of().parseHex(payload.getText());
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            at.at("text").error("invalid hex string '%s'".formatted(payload.getText()));
            return null;
        }
    }
}
