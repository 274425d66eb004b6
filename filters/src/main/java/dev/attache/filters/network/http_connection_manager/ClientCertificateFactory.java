package dev.attache.filters.network.http_connection_manager;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.github.xds.type.matcher.v3.Matcher;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Message;
import dev.attache.config.api.NewerApi;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.matching.MatchTrees;
import dev.attache.config.matching.RequestInputs;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.ForwardClientCert;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.XfccDetail;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.XfccMode;
import dev.attache.proxy.stream.format.FormatContext;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.ForwardClientCertDetails;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.SetCurrentClientCertDetails;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the next hop is told of the client's certificate. */
final class ClientCertificateFactory {

    /** Newer than the message classes. */
    private static final String ACTION =
            "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
                    + ".ForwardClientCertConfig";

    private ClientCertificateFactory() {}

    static ForwardClientCert compile(HttpConnectionManager proto, CompileContext context) {
        ForwardClientCert always =
                rules(proto.getForwardClientCertDetails(), proto.getSetCurrentClientCertDetails());
        if (!(NewerApi.value(proto, "forward_client_cert_matcher") instanceof Message matcher)) {
            return always;
        }
        return new ForwardClientCert(
                always.mode(),
                always.details(),
                always.json(),
                new MatchTrees<FormatContext, ForwardClientCert>(
                                RequestInputs::read, ClientCertificateFactory::action)
                        .compile(
                                NewerApi.typed(matcher, Matcher.getDefaultInstance()),
                                context.at("forward_client_cert_matcher")));
    }

    private static @Nullable ForwardClientCert action(
            TypedExtensionConfig config, CompileContext context) {
        Message prototype = context.settings().types().findByName(ACTION).orElseThrow();
        Message action = context.at("typed_config").unpack(config.getTypedConfig(), prototype);
        if (action == null) {
            return null;
        }
        Object mode = NewerApi.value(action, "forward_client_cert_details");
        Object details = NewerApi.value(action, "set_current_client_cert_details");
        return rules(
                mode instanceof EnumValueDescriptor value
                        ? ForwardClientCertDetails.forNumber(value.getNumber())
                        : ForwardClientCertDetails.SANITIZE,
                details instanceof Message message
                        ? NewerApi.typed(message, SetCurrentClientCertDetails.getDefaultInstance())
                        : SetCurrentClientCertDetails.getDefaultInstance());
    }

    private static ForwardClientCert rules(
            @Nullable ForwardClientCertDetails details, SetCurrentClientCertDetails set) {
        XfccMode mode =
                switch (details) {
                    case FORWARD_ONLY -> XfccMode.FORWARD_ONLY;
                    case APPEND_FORWARD -> XfccMode.APPEND_FORWARD;
                    case SANITIZE_SET -> XfccMode.SANITIZE_SET;
                    case ALWAYS_FORWARD_ONLY -> XfccMode.ALWAYS_FORWARD_ONLY;
                    case SANITIZE, UNRECOGNIZED -> XfccMode.SANITIZE;
                    case null -> XfccMode.SANITIZE;
                };
        boolean says = mode == XfccMode.APPEND_FORWARD || mode == XfccMode.SANITIZE_SET;
        return new ForwardClientCert(
                mode, says ? details(set) : Set.of(), says && isJson(set), null);
    }

    private static boolean isJson(SetCurrentClientCertDetails config) {
        return NewerApi.value(config, "format") instanceof EnumValueDescriptor format
                && format.getName().equals("JSON");
    }

    private static Set<XfccDetail> details(SetCurrentClientCertDetails config) {
        Set<XfccDetail> details = EnumSet.noneOf(XfccDetail.class);
        add(config.getCert(), XfccDetail.CERT, details);
        add(config.getChain(), XfccDetail.CHAIN, details);
        add(config.getSubject().getValue(), XfccDetail.SUBJECT, details);
        add(config.getUri(), XfccDetail.URI, details);
        add(config.getDns(), XfccDetail.DNS, details);
        add(Boolean.TRUE.equals(NewerApi.value(config, "issuer")), XfccDetail.ISSUER, details);
        return details;
    }

    private static void add(boolean wanted, XfccDetail detail, Set<XfccDetail> into) {
        if (wanted) {
            into.add(detail);
        }
    }
}
