package dev.attache.filters.network.http_connection_manager;

import dev.attache.api.Overlay;
import dev.attache.config.api.EnvoyExtensions;
import dev.attache.config.core.CidrRanges;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.matching.CidrRange;
import dev.attache.proxy.network.http.request.ClientAddress;
import dev.attache.proxy.network.http.request.ForwardProto;
import dev.attache.proxy.network.http.request.OriginalIpDetection;
import dev.attache.proxy.network.http.request.RequestIds;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.http.original_ip_detection.custom_header.v3.CustomHeaderConfig;
import io.envoyproxy.envoy.extensions.http.original_ip_detection.xff.v3.XffConfig;
import io.envoyproxy.envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who the client is: its address, its certificate, the id of its request. */
final class ClientIdentityFactory {
    private static final String XFF =
            "envoy.extensions.http.original_ip_detection.xff.v3.XffConfig";
    private static final String CUSTOM_HEADER =
            "envoy.extensions.http.original_ip_detection.custom_header.v3.CustomHeaderConfig";
    private static final String UUID = "envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig";
    private static final int DEFAULT_REJECT_STATUS = 403;

    /**
     * What an {@code internal_address_config} without ranges means: RFC 1918, RFC 4193, loopback.
     */
    private static final List<CidrRange> PRIVATE_RANGES =
            List.of(
                    range("10.0.0.0", 8),
                    range("172.16.0.0", 12),
                    range("192.168.0.0", 16),
                    range("127.0.0.1", 32),
                    range("::1", 128),
                    range("fd00::", 8));

    private ClientIdentityFactory() {}

    static ClientAddress address(HttpConnectionManager proto, CompileContext context) {
        var internal = proto.getInternalAddressConfig();
        CompileContext at = context.at("internal_address_config");
        List<CidrRange> ranges =
                CidrRanges.compile(internal.getCidrRangesList(), "cidr_ranges", at);
        boolean unsaid = proto.hasInternalAddressConfig() && internal.getCidrRangesCount() == 0;
        return new ClientAddress(
                proto.getUseRemoteAddress().getValue(),
                proto.getXffNumTrustedHops(),
                proto.getSkipXffAppend(),
                internal.getUnixSockets(),
                unsaid ? PRIVATE_RANGES : ranges,
                proto.getAddUserAgent().getValue(),
                proto.getRepresentIpv4RemoteAddressAsIpv4MappedIpv6(),
                detections(proto, context),
                forwardProto(proto),
                !proto.hasAddProxyProtocolConnectionState()
                        || proto.getAddProxyProtocolConnectionState().getValue());
    }

    private static ForwardProto forwardProto(HttpConnectionManager proto) {
        Overlay config = Overlay.of(proto).overlay("forward_proto_config");
        return config == null
                ? ForwardProto.NONE
                : new ForwardProto(
                        ports(config.numbers("https_destination_ports")),
                        ports(config.numbers("http_destination_ports")));
    }

    private static Set<Integer> ports(List<Long> numbers) {
        Set<Integer> ports = new HashSet<>();
        numbers.forEach(number -> ports.add(number.intValue()));
        return ports;
    }

    private static CidrRange range(String prefix, int length) {
        return new CidrRange(IpAddress.parse(prefix, 0).ip(), length);
    }

    private static List<OriginalIpDetection> detections(
            HttpConnectionManager proto, CompileContext context) {
        List<OriginalIpDetection> detections = new ArrayList<>();
        for (int i = 0; i < proto.getOriginalIpDetectionExtensionsCount(); i++) {
            var extension = proto.getOriginalIpDetectionExtensions(i);
            var any = extension.getTypedConfig();
            CompileContext at =
                    context.at("original_ip_detection_extensions", i).at("typed_config");
            String type = any.getTypeUrl().substring(any.getTypeUrl().lastIndexOf('/') + 1);
            if (type.equals(XFF)) {
                addXff(at.unpack(any, XffConfig.getDefaultInstance()), detections, at);
            } else if (type.equals(CUSTOM_HEADER)) {
                addHeader(at.unpack(any, CustomHeaderConfig.getDefaultInstance()), detections);
            } else {
                at.missing(extension.getName(), type);
            }
        }
        return detections;
    }

    private static void addXff(
            @Nullable XffConfig config, List<OriginalIpDetection> into, CompileContext context) {
        if (config == null) {
            return;
        }
        CompileContext at = context.at("xff_trusted_cidrs");
        into.add(
                new OriginalIpDetection.Xff(
                        config.getXffNumTrustedHops(),
                        CidrRanges.compile(config.getXffTrustedCidrs().getCidrsList(), "cidrs", at),
                        !config.hasSkipXffAppend() || config.getSkipXffAppend().getValue()));
    }

    private static void addHeader(
            @Nullable CustomHeaderConfig config, List<OriginalIpDetection> into) {
        if (config == null) {
            return;
        }
        int status = config.getRejectWithStatus().getCodeValue();
        into.add(
                new OriginalIpDetection.CustomHeader(
                        HeaderName.of(config.getHeaderName()),
                        config.getAllowExtensionToSetAddressAsTrusted(),
                        config.hasRejectWithStatus()
                                ? status >= 400 ? status : DEFAULT_REJECT_STATUS
                                : 0));
    }

    static RequestIds requestIds(HttpConnectionManager proto, CompileContext context) {
        boolean pack = true;
        boolean samples = true;
        String url = proto.getRequestIdExtension().getTypedConfig().getTypeUrl();
        String type = url.substring(url.lastIndexOf('/') + 1);
        boolean known = type.equals(UUID);
        if (proto.hasRequestIdExtension() && !known) {
            context.at("request_id_extension")
                    .missing(
                            "Didn't find a registered implementation for type: '" + type + "'",
                            EnvoyExtensions.hasType(type));
        } else if (proto.hasRequestIdExtension()) {
            UuidRequestIdConfig uuid =
                    context.at("request_id_extension")
                            .at("typed_config")
                            .unpack(
                                    proto.getRequestIdExtension().getTypedConfig(),
                                    UuidRequestIdConfig.getDefaultInstance());
            pack =
                    uuid == null
                            || !uuid.hasPackTraceReason()
                            || uuid.getPackTraceReason().getValue();
            samples =
                    uuid == null
                            || !uuid.hasUseRequestIdForTraceSampling()
                            || uuid.getUseRequestIdForTraceSampling().getValue();
        }
        return new RequestIds(
                !proto.hasGenerateRequestId() || proto.getGenerateRequestId().getValue(),
                proto.getPreserveExternalRequestId(),
                proto.getAlwaysSetRequestIdInResponse(),
                pack,
                samples);
    }
}
