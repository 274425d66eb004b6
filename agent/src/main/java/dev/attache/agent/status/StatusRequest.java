package dev.attache.agent.status;

import dev.attache.agent.http.HttpFields;
import java.net.InetAddress;

/**
 * A request to the status port.
 *
 * @param path decoded, without the query
 * @param query as it came; may be empty
 * @param host of the header field, empty where there is none
 * @param fields all header fields but the host
 */
public record StatusRequest(
        String method,
        String path,
        String query,
        String host,
        HttpFields fields,
        InetAddress remote) {

    public boolean fromThisHost() {
        return remote.isLoopbackAddress();
    }
}
