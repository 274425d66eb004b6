package dev.attache.config.listener;

import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.InternalAddress;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import org.jspecify.annotations.Nullable;

/** What a listener that no socket leads to may and may not have. */
final class InternalListeners {
    private InternalListeners() {}

    /** Its address, which its name is; null where something is wrong. */
    static @Nullable Address address(Listener listener, CompileContext context) {
        String error = problem(listener, context);
        if (error != null) {
            context.at("internal_listener").error(error);
            return null;
        }
        return new InternalAddress(listener.getName(), "");
    }

    private static @Nullable String problem(Listener listener, CompileContext context) {
        String name = listener.getName();
        if (listener.hasAddress() || listener.getAdditionalAddressesCount() > 0) {
            return "error adding listener '%s': address should not be used when an internal listener config is provided"
                    .formatted(name);
        }
        if (!context.settings().internalListeners()) {
            return "error adding listener named '%s': InternalListener bootstrap extension is mandatory"
                    .formatted(name);
        }
        if (listener.getEnableMptcp()) {
            return "listener %s: enable_mptcp can only be used with IP addresses".formatted(name);
        }
        if (hasSocketFeature(listener)) {
            return "error adding listener named '%s': has unsupported tcp listener feature"
                    .formatted(name);
        }
        if (listener.getSocketOptionsCount() > 0) {
            return "error adding listener named '%s': does not support socket option"
                    .formatted(name);
        }
        return null;
    }

    private static boolean hasSocketFeature(Listener listener) {
        return listener.hasConnectionBalanceConfig()
                || listener.hasEnableReusePort()
                || listener.hasFreebind()
                || listener.hasTransparent()
                || listener.hasTcpBacklogSize()
                || listener.hasTcpFastOpenQueueLength();
    }
}
