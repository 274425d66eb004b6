package dev.attache.agent.identity;

import dev.attache.agent.pem.Certificates;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What peers are checked with: the roots that came with the identity, and those that the control
 * plane names besides ({@code caCertificates} of the mesh), each once. Any thread; listeners are
 * called on the thread that brought the change.
 */
public final class TrustBundle {

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private List<String> ofFile = List.of();
    private List<String> ofAuthority = List.of();
    private List<String> ofMesh = List.of();
    private volatile List<String> all = List.of();

    /** All of them, PEM, sorted; empty before the first. */
    public List<String> roots() {
        return all;
    }

    /** As one text. */
    public String text() {
        return Certificates.join(all);
    }

    /** Whether the authority's are there, without which nobody should be checked. */
    public synchronized boolean known() {
        return !ofAuthority.isEmpty() || !ofFile.isEmpty();
    }

    /** Those that came with the identity. */
    public void authority(List<String> roots) {
        synchronized (this) {
            ofAuthority = List.copyOf(roots);
        }
        merge();
    }

    /** Those of a file that an operator has put in place of the authority's. */
    public void file(List<String> roots) {
        synchronized (this) {
            ofFile = List.copyOf(roots);
        }
        merge();
    }

    /**
     * Those that the control plane names.
     *
     * @return whether they are others than before
     */
    public boolean mesh(List<String> roots) {
        synchronized (this) {
            if (ofMesh.equals(roots)) {
                return false;
            }
            ofMesh = List.copyOf(roots);
        }
        merge();
        return true;
    }

    /** Is called when the bundle has changed. */
    public void listen(Runnable listener) {
        listeners.add(listener);
    }

    private void merge() {
        synchronized (this) {
            List<String> merged =
                    Certificates.merge(ofFile.isEmpty() ? ofAuthority : ofFile, ofMesh);
            if (merged.equals(all)) {
                return;
            }
            all = merged;
        }
        listeners.forEach(Runnable::run);
    }
}
