package dev.attache.server.plane;

import dev.attache.proxy.address.Address;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Which listeners bind which address in their newest versions: kept while versions follow one
 * another ({@link #moved}), looked up again after a change of another kind. Main loop only.
 */
final class BoundAddresses {

    private final Consumer<BiConsumer<String, Address>> listeners;
    private final Map<Address, List<String>> binders = new HashMap<>();
    private boolean known;

    /**
     * @param listeners names each listener whose newest version binds an address, once for each
     */
    BoundAddresses(Consumer<BiConsumer<String, Address>> listeners) {
        this.listeners = listeners;
    }

    /** Whether another listener than {@code name} binds one of the addresses. */
    boolean isTaken(String name, List<Address> addresses) {
        if (!known) {
            known = true;
            listeners.accept(this::add);
        }
        for (Address address : addresses) {
            if (hasOther(name, address)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasOther(String name, Address address) {
        List<String> names = binders.get(address);
        return names != null && (names.size() > 1 || !names.contains(name));
    }

    /**
     * A listener's newest version is another one from now on.
     *
     * @param before what it bound
     * @param after what it binds
     */
    void moved(String name, List<Address> before, List<Address> after) {
        if (!known) {
            return;
        }
        for (Address address : before) {
            List<String> names = binders.get(address);
            if (names != null && names.remove(name) && names.isEmpty()) {
                binders.remove(address);
            }
        }
        after.forEach(address -> add(name, address));
    }

    private void add(String name, Address address) {
        List<String> names = binders.get(address);
        if (names == null) {
            names = new ArrayList<>(1);
            binders.put(address, names);
        }
        names.add(name);
    }

    /** Something else has changed. */
    void forget() {
        binders.clear();
        known = false;
    }
}
