package dev.cloche.packages;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Whom this machine trusts: the store of the Java platform together with the bundle that its other tools use. */
final class Trust {
    private static final System.Logger LOG = System.getLogger(Trust.class.getName());
    private static final List<String> VARIABLES = List.of("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS");
    private static final Path SYSTEM = Path.of("/etc/ssl/certs/ca-certificates.crt");

    private Trust() {}

    /** The TLS settings for a machine with these environment variables and pip settings. */
    static SSLContext context(Map<String, String> environment, Optional<String> pipCert) {
        try {
            KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
            all.load(null, null);
            int count = 0;
            for (X509Certificate certificate : platform()) {
                all.setCertificateEntry("platform-" + count++, certificate);
            }
            for (String variable : VARIABLES) {
                count = add(all, count, Optional.ofNullable(environment.get(variable)).filter(v -> !v.isBlank()).map(Path::of));
            }
            count = add(all, count, pipCert.map(Path::of));
            add(all, count, Optional.of(SYSTEM));
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(all);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the trusted certificates cannot be set up", e);
        }
    }

    /** The TLS settings of this machine. */
    static SSLContext ofThisMachine() {
        PipConfiguration pip = PipConfiguration.ofThisMachine();
        return context(System.getenv(), pip.value("cert"));
    }

    private static List<X509Certificate> platform() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return List.of(x509.getAcceptedIssuers());
            }
        }
        return List.of();
    }

    private static int add(KeyStore store, int count, Optional<Path> bundle) throws GeneralSecurityException {
        int next = count;
        if (bundle.isEmpty() || !Files.isRegularFile(bundle.get())) {
            return next;
        }
        try (InputStream in = Files.newInputStream(bundle.get())) {
            for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("bundle-" + next++, certificate);
            }
        } catch (IOException | CertificateException e) {
            LOG.log(System.Logger.Level.WARNING, "event=certificates-unreadable file={0} cause={1}", bundle.get(), e.getMessage());
        }
        return next;
    }
}
