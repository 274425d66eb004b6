package dev.attache.config.listener;

import com.google.protobuf.Message;
import dev.attache.api.Overlay;
import dev.attache.config.core.SocketOptions;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.listener.spec.SocketSettings;
import io.envoyproxy.envoy.config.core.v3.TcpKeepalive;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import org.jspecify.annotations.Nullable;

/** What is set on a listener's sockets; an unset switch is not the same as one that is off. */
final class ListenerSockets {
    private ListenerSockets() {}

    static SocketSettings compile(Listener listener, CompileContext context) {
        return new SocketSettings(
                reusePort(listener),
                flag(listener.hasTransparent(), listener.getTransparent().getValue()),
                flag(listener.hasFreebind(), listener.getFreebind().getValue()),
                number(
                        listener.hasTcpFastOpenQueueLength(),
                        listener.getTcpFastOpenQueueLength().getValue()),
                number(listener.hasTcpBacklogSize(), listener.getTcpBacklogSize().getValue()),
                listener.getAddress().getSocketAddress().getIpv4Compat(),
                keepalive(listener),
                listener.getEnableMptcp(),
                SocketOptions.listener(listener.getSocketOptionsList(), context));
    }

    /** Of a listener, or of one of its additional addresses. */
    static SocketSettings.@Nullable TcpKeepalive keepalive(Message holder) {
        TcpKeepalive keepalive =
                Overlay.of(holder).message("tcp_keepalive", TcpKeepalive.getDefaultInstance());
        return keepalive == null
                ? null
                : new SocketSettings.TcpKeepalive(
                        positive(keepalive.getKeepaliveProbes().getValue()),
                        positive(keepalive.getKeepaliveTime().getValue()),
                        positive(keepalive.getKeepaliveInterval().getValue()));
    }

    private static @Nullable Integer positive(int value) {
        return value > 0 ? value : null;
    }

    /** {@code enable_reuse_port} replaces the old field; the default is on. */
    private static boolean reusePort(Listener listener) {
        if (listener.hasEnableReusePort()) {
            return listener.getEnableReusePort().getValue();
        }
        return true;
    }

    private static @Nullable Boolean flag(boolean present, boolean value) {
        return present ? value : null;
    }

    private static @Nullable Integer number(boolean present, int value) {
        return present ? value : null;
    }
}
