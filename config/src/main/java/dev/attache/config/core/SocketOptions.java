package dev.attache.config.core;

import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.listener.spec.SocketOption;
import dev.attache.proxy.upstream.spec.SocketSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** {@code envoy.config.core.v3.SocketOption}, for listeners and for upstreams. */
public final class SocketOptions {
    private SocketOptions() {}

    public static List<SocketOption> listener(
            List<io.envoyproxy.envoy.config.core.v3.SocketOption> options, CompileContext context) {
        List<SocketOption> compiled = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            var option = options.get(i);
            check(option, context.at("socket_options", i));
            compiled.add(
                    new SocketOption(
                            option.getDescription(),
                            (int) option.getLevel(),
                            (int) option.getName(),
                            value(option),
                            switch (option.getState()) {
                                case STATE_BOUND -> SocketOption.State.BOUND;
                                case STATE_LISTENING -> SocketOption.State.LISTENING;
                                case STATE_PREBIND, UNRECOGNIZED -> SocketOption.State.PREBIND;
                            }));
        }
        return compiled;
    }

    public static List<SocketSpec.SocketOption> upstream(
            List<io.envoyproxy.envoy.config.core.v3.SocketOption> options, CompileContext context) {
        List<SocketSpec.SocketOption> compiled = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            var option = options.get(i);
            check(option, context.at("socket_options", i));
            compiled.add(
                    new SocketSpec.SocketOption(
                            (int) option.getLevel(),
                            (int) option.getName(),
                            value(option),
                            switch (option.getState()) {
                                case STATE_BOUND -> SocketSpec.SocketOption.State.BOUND;
                                case STATE_LISTENING -> SocketSpec.SocketOption.State.LISTENING;
                                case STATE_PREBIND, UNRECOGNIZED ->
                                        SocketSpec.SocketOption.State.PREBIND;
                            },
                            option.getDescription()));
        }
        return compiled;
    }

    private static void check(
            io.envoyproxy.envoy.config.core.v3.SocketOption option, CompileContext context) {
        if (option.hasType()) {
            context.at("type").error("socket options limited to a socket type are not supported");
        }
    }

    private static byte[] value(io.envoyproxy.envoy.config.core.v3.SocketOption option) {
        return switch (option.getValueCase()) {
            case INT_VALUE ->
                    ByteBuffer.allocate(4)
                            .order(ByteOrder.nativeOrder())
                            .putInt((int) option.getIntValue())
                            .array();
            case BUF_VALUE -> option.getBufValue().toByteArray();
            case VALUE_NOT_SET -> new byte[0];
        };
    }
}
