package dev.attache.filters.istio.metadata;

import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.SharedSlot;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The workloads of the mesh by their addresses, as the control plane tells them ({@code
 * istio.workload.BootstrapExtension}); empty where the bootstrap has no such extension. Global by
 * nature: the main loop writes, every worker reads, without a lock.
 */
public final class WorkloadDirectory {

    /** One workload and the addresses at which it is found. */
    public record Entry(String uid, List<InetAddress> addresses, WorkloadMetadata workload) {
        public Entry {
            addresses = List.copyOf(addresses);
        }
    }

    private final Map<InetAddress, Peer> byAddress = new ConcurrentHashMap<>();
    private final Map<String, Known> byUid = new HashMap<>();

    private record Known(Peer peer, List<InetAddress> addresses) {}

    /** The one of this process. */
    public static SharedSlot<WorkloadDirectory> of(CompileContext context) {
        return context.settings()
                .shared()
                .slot(WorkloadDirectory.class, "workload_discovery", WorkloadDirectory::new);
    }

    /** Who is at an address of IP, or null. Any thread. */
    public @Nullable Peer find(Address address) {
        return address instanceof IpAddress ip ? byAddress.get(ip.ip()) : null;
    }

    /** How many addresses are known. */
    public int size() {
        return byAddress.size();
    }

    /** These are all. Who stays is found all the while. Main loop only. */
    public void replace(Collection<Entry> all) {
        Set<String> gone = new HashSet<>(byUid.keySet());
        for (Entry entry : all) {
            put(entry);
            gone.remove(entry.uid());
        }
        gone.forEach(this::remove);
    }

    /**
     * What has changed. Main loop only.
     *
     * @param removed uids
     */
    public void change(Collection<Entry> changed, Collection<String> removed) {
        removed.forEach(this::remove);
        changed.forEach(this::put);
    }

    /** A workload that is told anew is so with all of its addresses. */
    private void put(Entry entry) {
        Peer peer = new Peer(entry.workload());
        for (InetAddress address : entry.addresses()) {
            byAddress.put(address, peer);
        }
        forget(byUid.put(entry.uid(), new Known(peer, entry.addresses())));
    }

    private void remove(String uid) {
        forget(byUid.remove(uid));
    }

    /** An address that another workload has by now stays there. */
    private void forget(@Nullable Known known) {
        if (known != null) {
            known.addresses().forEach(address -> byAddress.remove(address, known.peer()));
        }
    }
}
