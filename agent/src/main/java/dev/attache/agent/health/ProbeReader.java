package dev.attache.agent.health;

import dev.attache.agent.http.AnyCertificate;
import dev.attache.agent.http.HttpFields;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code istio.networking.v1alpha3.ReadinessProbe} from its JSON form; absent numbers are
 * Istio's defaults.
 *
 * @param host where the application is asked, unless the probe names another host
 * @param v6 whether names stand for addresses of IPv6
 */
record ProbeReader(Map<String, Object> tree, String host, boolean v6) {

    /**
     * Where probes come from, so that redirection leaves them alone: of the family of what is
     * asked.
     */
    private InetAddress source(String asked) {
        boolean named = !NetUtil.isValidIpV4Address(asked) && !NetUtil.isValidIpV6Address(asked);
        boolean ofV6 = named ? v6 : NetUtil.isValidIpV6Address(asked);
        byte[] address = ofV6 ? new byte[16] : new byte[] {127, 0, 0, 6};
        if (ofV6) {
            address[15] = 6;
        }
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("these lengths are addresses", e);
        }
    }

    int seconds(String field, int otherwise) {
        int value = number(tree, field);
        return value == 0 ? otherwise : value;
    }

    /**
     * How the application is asked.
     *
     * @throws IllegalArgumentException if the message names no way, or one without what it needs
     */
    Probe probe() {
        if (tree.get("httpGet") instanceof Map<?, ?> http) {
            return http(http);
        }
        if (tree.get("tcpSocket") instanceof Map<?, ?> tcp) {
            return new TcpProbe(text(tcp, "host", host), port(tcp, "tcpSocket"));
        }
        if (tree.get("exec") instanceof Map<?, ?> exec) {
            if (!(exec.get("command") instanceof List<?> words) || words.isEmpty()) {
                throw new IllegalArgumentException("readinessProbe.exec.command names no program");
            }
            return new ExecProbe(words.stream().map(String::valueOf).toList());
        }
        if (tree.get("grpc") instanceof Map<?, ?> grpc) {
            return new GrpcProbe(host, port(grpc, "grpc"), text(grpc, "service", ""));
        }
        throw new IllegalArgumentException(
                "readinessProbe names no way to ask: httpGet, tcpSocket, exec or grpc");
    }

    private Probe http(Map<?, ?> http) {
        boolean secure = text(http, "scheme", "http").toLowerCase(Locale.ROOT).equals("https");
        List<HttpFields.Field> fields = new ArrayList<>();
        if (http.get("httpHeaders") instanceof List<?> all) {
            for (Object each : all) {
                if (each instanceof Map<?, ?> field) {
                    fields.add(
                            new HttpFields.Field(
                                    text(field, "name", ""), text(field, "value", "")));
                }
            }
        }
        String asked = text(http, "host", host);
        return new HttpProbe(
                source(asked),
                secure ? AnyCertificate.sockets() : null,
                asked,
                port(http, "httpGet"),
                text(http, "path", "/"),
                List.copyOf(fields));
    }

    private static int port(Map<?, ?> method, String name) {
        int port = number(method, "port");
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("readinessProbe." + name + ".port is no port");
        }
        return port;
    }

    private static int number(Map<?, ?> tree, String field) {
        @Nullable Object value = tree.get(field);
        return value instanceof Number number ? number.intValue() : 0;
    }

    private static String text(Map<?, ?> tree, String field, String otherwise) {
        return tree.get(field) instanceof String text && !text.isEmpty() ? text : otherwise;
    }
}
