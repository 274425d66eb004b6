package dev.attache.iptables.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Makes random but valid command lines and environments for istio-iptables. */
final class RandomFlags {
    /** A command line with its environment. */
    record Line(List<String> flags, Map<String, String> environment) {}

    private final Random random;

    RandomFlags(long seed) {
        random = new Random(seed);
    }

    Line next() {
        List<String> flags = new ArrayList<>();
        Map<String, String> environment = new LinkedHashMap<>();
        value(flags, environment, "-p", "", "15001", "16001");
        value(flags, environment, "-z", "INBOUND_CAPTURE_PORT", "15006", "16006");
        value(flags, environment, "-e", "INBOUND_TUNNEL_PORT", "15008", "16008");
        value(flags, environment, "--proxy-uid", "PROXY_UID", "1337", "3,4", "1001");
        value(flags, environment, "-g", "PROXY_GID", "1337", "1,2", "7");
        value(
                flags,
                environment,
                "-m",
                "ISTIO_INBOUND_INTERCEPTION_MODE",
                "REDIRECT",
                "TPROXY",
                "TPROXY",
                "");
        value(
                flags,
                environment,
                "-b",
                "ISTIO_INBOUND_PORTS",
                "*",
                "*",
                "80",
                "4000,5000",
                "8000:8010,9",
                "");
        value(
                flags,
                environment,
                "--istio-local-exclude-ports",
                "ISTIO_LOCAL_EXCLUDE_PORTS",
                "15090,15021,15020",
                "22",
                "");
        value(
                flags,
                environment,
                "-i",
                "ISTIO_SERVICE_CIDR",
                "*",
                "*",
                "10.0.0.0/8,2001:db8::/32",
                "127.1.2.3/32",
                "9.9.0.0/16,10.1.2.3/24",
                "::1/128,2001:DB8:0:0:1::/80",
                "");
        value(
                flags,
                environment,
                "-x",
                "ISTIO_SERVICE_EXCLUDE_CIDR",
                "169.254.169.254/32",
                "10.9.0.0/16,2001:db8:1::/48",
                "");
        value(flags, environment, "-q", "ISTIO_OUTBOUND_PORTS", "32000,31000", "80", "");
        value(
                flags,
                environment,
                "-o",
                "ISTIO_LOCAL_OUTBOUND_PORTS_EXCLUDE",
                "15020",
                "3306,5432",
                "");
        value(flags, environment, "-c", "ISTIO_EXCLUDE_INTERFACES", "not-istio-nic", "a,b");
        value(flags, environment, "-k", "KUBE_VIRT_INTERFACES", "eth0,eth1", "net1");
        value(flags, environment, "-t", "ISTIO_INBOUND_TPROXY_MARK", "1337", "42");
        value(flags, environment, "-r", "ISTIO_INBOUND_TPROXY_ROUTE_TABLE", "133", "7");
        toggle(flags, environment, "--redirect-dns", "ISTIO_META_DNS_CAPTURE");
        toggle(flags, environment, "--capture-all-dns", "CAPTURE_ALL_DNS");
        toggle(flags, environment, "--drop-invalid", "INVALID_DROP");
        toggle(flags, environment, "--dual-stack", "ISTIO_DUAL_STACK");
        variable(environment, "ISTIO_OUTBOUND_OWNER_GROUPS", "java,202", "*", "5", "");
        variable(environment, "ISTIO_OUTBOUND_OWNER_GROUPS_EXCLUDE", "88,ftp", "");
        variable(environment, "ISTIO_OUTBOUND_IPV4_LOOPBACK_CIDR", "127.0.0.1/8", "127.0.0.0/16");
        if (random.nextInt(8) == 0) {
            flags.add("--cleanup-only");
        }
        return new Line(flags, environment);
    }

    private void value(
            List<String> flags,
            Map<String, String> environment,
            String flag,
            String variable,
            String... values) {
        String value = values[random.nextInt(values.length)];
        switch (random.nextInt(4)) {
            case 0 -> {
                flags.add(flag);
                flags.add(value);
            }
            case 1 -> flags.add(joined(flag, value));
            case 2 -> {
                if (!variable.isEmpty()) {
                    environment.put(variable, value);
                }
            }
            default -> {}
        }
    }

    /**
     * {@code --flag=value}, {@code -f=value} or {@code -fvalue}; "-f=" would mean the value "=".
     */
    private String joined(String flag, String value) {
        return flag.startsWith("--") || (!value.isEmpty() && random.nextBoolean())
                ? flag + "=" + value
                : value.isEmpty() ? flag + "," : flag + value;
    }

    private void toggle(
            List<String> flags, Map<String, String> environment, String flag, String variable) {
        switch (random.nextInt(6)) {
            case 0, 1 -> flags.add(flag);
            case 2 -> flags.add(flag + "=false");
            case 3 -> environment.put(variable, random.nextBoolean() ? "true" : "not a bool");
            default -> {}
        }
    }

    private void variable(Map<String, String> environment, String name, String... values) {
        if (random.nextInt(3) == 0) {
            environment.put(name, values[random.nextInt(values.length)]);
        }
    }
}
