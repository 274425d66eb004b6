package dev.attache.server.review.useless;

import dev.attache.config.Diagnostic;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.StripPort;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.route.VirtualHost;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Domains of virtual hosts that no request has: the table itself is asked. Pure. */
final class UnaskedDomains {

    private static final Pattern PORT = Pattern.compile(".*:[0-9]+");

    /** What stands for an asterisk; a domain of such a name is nobody's. */
    private static final String ANY = "--any--";

    private UnaskedDomains() {}

    static void find(UsedTable table, Consumer<Diagnostic> found) {
        List<VirtualHost> hosts = table.table().virtualHosts();
        boolean stripped = table.table().spec().ignorePortInHostMatching() || strips(table);
        for (int i = 0; i < hosts.size(); i++) {
            List<String> domains = hosts.get(i).spec().domains();
            for (int j = 0; j < domains.size(); j++) {
                String domain = domains.get(j);
                boolean port = PORT.matcher(domain).matches();
                if (port && stripped || !isFound(table.table(), hosts.get(i), domain)) {
                    found.accept(
                            table.host(i)
                                    .at("domains", j)
                                    .warning(
                                            "",
                                            "no request has the domain '"
                                                    + domain
                                                    + "'"
                                                    + (port && stripped
                                                            ? ": ports are taken off before"
                                                            : ""),
                                            port && stripped
                                                    ? "write it without the port"
                                                    : "take it out"));
                }
            }
        }
    }

    private static boolean strips(UsedTable table) {
        return table.table().spec().vhostHeader() == null
                && !table.users().isEmpty()
                && table.users().stream().allMatch(user -> user.stripPort() == StripPort.ANY);
    }

    private static boolean isFound(RouteTable table, VirtualHost host, String domain) {
        if (domain.equals("*")) {
            return true;
        }
        Headers request = new Headers(MessagePart.REQUEST);
        HeaderName header = table.spec().vhostHeader();
        request.add(header == null ? HeaderName.AUTHORITY : header, domain.replace("*", ANY));
        return table.virtualHost(request) == host;
    }
}
