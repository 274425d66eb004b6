package dev.attache.iptables.command;

import dev.attache.iptables.capture.CaptureConfig;
import dev.attache.iptables.capture.Flag;
import dev.attache.iptables.capture.FlagValues;
import dev.attache.iptables.capture.Host;
import dev.attache.iptables.log.Log;
import java.util.List;
import java.util.Map;

/** Logs the environment and the settings in force, under istio-iptables' names. Stateless. */
final class ConfigPrinter {
    private static final List<String> VARIABLES =
            List.of(
                    "ENVOY_PORT",
                    "INBOUND_CAPTURE_PORT",
                    "ISTIO_INBOUND_INTERCEPTION_MODE",
                    "ISTIO_INBOUND_TPROXY_ROUTE_TABLE",
                    "ISTIO_INBOUND_PORTS",
                    "ISTIO_OUTBOUND_PORTS",
                    "ISTIO_LOCAL_EXCLUDE_PORTS",
                    "ISTIO_EXCLUDE_INTERFACES",
                    "ISTIO_SERVICE_CIDR",
                    "ISTIO_SERVICE_EXCLUDE_CIDR",
                    "ISTIO_META_DNS_CAPTURE",
                    "INVALID_DROP");

    private ConfigPrinter() {}

    static void print(FlagValues flags, CaptureConfig config, Host host, Log log) {
        Map<String, String> environment = host.environment();
        StringBuilder text = new StringBuilder("Istio iptables environment:\n");
        for (String name : VARIABLES) {
            line(text, name, environment.getOrDefault(name, ""));
        }
        log.info(text.toString());
        text = new StringBuilder("Istio config:\n");
        line(text, "PROXY_PORT", config.ports().outbound());
        line(text, "PROXY_INBOUND_CAPTURE_PORT", config.ports().inbound());
        line(text, "PROXY_TUNNEL_PORT", config.ports().tunnel());
        line(text, "PROXY_UID", String.join(",", config.uids()));
        line(text, "PROXY_GID", String.join(",", config.gids()));
        line(text, "INBOUND_INTERCEPTION_MODE", flags.text(Flag.INTERCEPTION_MODE));
        line(text, "INBOUND_TPROXY_MARK", flags.text(Flag.TPROXY_MARK));
        line(text, "INBOUND_TPROXY_ROUTE_TABLE", flags.text(Flag.TPROXY_ROUTE_TABLE));
        line(text, "INBOUND_PORTS_INCLUDE", flags.text(Flag.INBOUND_PORTS));
        line(text, "INBOUND_PORTS_EXCLUDE", flags.text(Flag.INBOUND_EXCLUDE_PORTS));
        line(text, "OUTBOUND_OWNER_GROUPS_INCLUDE", groups(config));
        line(
                text,
                "OUTBOUND_OWNER_GROUPS_EXCLUDE",
                String.join(",", config.outbound().excludedGroups()));
        line(text, "OUTBOUND_IP_RANGES_INCLUDE", flags.text(Flag.SERVICE_CIDR));
        line(text, "OUTBOUND_IP_RANGES_EXCLUDE", flags.text(Flag.SERVICE_EXCLUDE_CIDR));
        line(text, "OUTBOUND_PORTS_INCLUDE", flags.text(Flag.OUTBOUND_PORTS));
        line(text, "OUTBOUND_PORTS_EXCLUDE", flags.text(Flag.OUTBOUND_EXCLUDE_PORTS));
        line(text, "KUBE_VIRT_INTERFACES", flags.text(Flag.KUBE_VIRT_INTERFACES));
        line(text, "ENABLE_INBOUND_IPV6", String.valueOf(config.ipv6()));
        line(text, "DUAL_STACK", flags.text(Flag.DUAL_STACK));
        line(text, "DNS_CAPTURE", flags.text(Flag.REDIRECT_DNS));
        line(text, "DROP_INVALID", String.valueOf(config.dropInvalid()));
        line(text, "CAPTURE_ALL_DNS", flags.text(Flag.CAPTURE_ALL_DNS));
        line(text, "DNS_SERVERS", config.dns().v4() + "," + config.dns().v6());
        line(text, "NETWORK_NAMESPACE", flags.text(Flag.NETWORK_NAMESPACE));
        line(text, "CNI_MODE", flags.text(Flag.CNI_MODE));
        line(text, "EXCLUDE_INTERFACES", flags.text(Flag.EXCLUDE_INTERFACES));
        line(text, "INCLUDE_INTERFACES", flags.text(Flag.INCLUDE_INTERFACES));
        line(text, "RECONCILE", flags.text(Flag.RECONCILE));
        line(text, "CLEANUP_ONLY", flags.text(Flag.CLEANUP_ONLY));
        line(text, "FORCE_APPLY", flags.text(Flag.FORCE_APPLY));
        line(text, "NATIVE_NFTABLES", flags.text(Flag.NATIVE_NFTABLES));
        line(text, "FORCE_IPTABLES_BINARY", flags.text(Flag.FORCE_IPTABLES_BINARY));
        log.info(text.toString());
    }

    private static String groups(CaptureConfig config) {
        return config.outbound().everyGroup() ? "*" : String.join(",", config.outbound().groups());
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name).append('=').append(value).append('\n');
    }
}
