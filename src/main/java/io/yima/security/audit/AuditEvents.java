package io.yima.security.audit;

import io.yima.api.Page;
import io.yima.api.PageRequest;
import io.yima.database.WorkerDatabase;
import io.yima.security.audit.AuditSearch.Position;
import io.yima.tenancy.ProviderDirectory;
import io.yima.tenancy.ProviderEntry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the trail for operators, of archived providers as well. */
@ApplicationScoped
class AuditEvents {

  private final WorkerDatabase database;
  private final ProviderDirectory providers;

  AuditEvents(WorkerDatabase database, ProviderDirectory providers) {
    this.database = database;
    this.providers = providers;
  }

  /** Newest first; of all providers when none is named, of an unknown one there are none. */
  Page<AuditEventView> page(
      @Nullable String componentAppid, AuditFilter filter, PageRequest request) {
    Position after = request.after(Position::read).orElse(null);
    if (componentAppid == null) {
      return page(filter, after, request);
    }
    Optional<ProviderEntry> provider = providers.find(componentAppid);
    return provider
        .map(known -> page(filter.of(known.id()), after, request))
        .orElseGet(() -> new Page<>(List.of(), null));
  }

  private Page<AuditEventView> page(
      AuditFilter filter, @Nullable Position after, PageRequest request) {
    List<AuditEventView> found =
        database.transaction(
            connection -> AuditSearch.of(filter, after, request.limitPlusOne()).run(connection));
    return Page.of(found, request, event -> Position.of(event).parts());
  }
}
