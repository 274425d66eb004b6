package dev.attache.filters.network.http_connection_manager;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.github.xds.type.matcher.v3.Matcher;
import dev.attache.api.Overlay;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.matching.MatchTrees;
import dev.attache.proxy.network.http.request.ForwardClientCert;
import dev.attache.proxy.network.http.request.XfccDetail;
import dev.attache.proxy.network.http.request.XfccMode;
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
        Matcher matcher =
                Overlay.of(proto)
                        .message("forward_client_cert_matcher", Matcher.getDefaultInstance());
        if (matcher == null) {
            return always;
        }
        return new ForwardClientCert(
                always.mode(),
                always.details(),
                always.json(),
                MatchTrees.ofHttp(ClientCertificateFactory::action)
                        .compile(matcher, context.at("forward_client_cert_matcher")));
    }

    private static @Nullable ForwardClientCert action(
            TypedExtensionConfig config, CompileContext context) {
        Overlay action = context.at("typed_config").overlay(config.getTypedConfig(), ACTION);
        if (action == null) {
            return null;
        }
        int mode = (int) action.number("forward_client_cert_details");
        SetCurrentClientCertDetails details =
                action.message(
                        "set_current_client_cert_details",
                        SetCurrentClientCertDetails.getDefaultInstance());
        return rules(
                ForwardClientCertDetails.forNumber(mode),
                details == null ? SetCurrentClientCertDetails.getDefaultInstance() : details);
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
        return Overlay.of(config).choice("format").equals("JSON");
    }

    private static Set<XfccDetail> details(SetCurrentClientCertDetails config) {
        Set<XfccDetail> details = EnumSet.noneOf(XfccDetail.class);
        add(config.getCert(), XfccDetail.CERT, details);
        add(config.getChain(), XfccDetail.CHAIN, details);
        add(config.getSubject().getValue(), XfccDetail.SUBJECT, details);
        add(config.getUri(), XfccDetail.URI, details);
        add(config.getDns(), XfccDetail.DNS, details);
        add(Overlay.of(config).flag("issuer"), XfccDetail.ISSUER, details);
        return details;
    }

    private static void add(boolean wanted, XfccDetail detail, Set<XfccDetail> into) {
        if (wanted) {
            into.add(detail);
        }
    }
}
