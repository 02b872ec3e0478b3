import { useSuspenseQuery } from '@tanstack/react-query';
import { sessionQuery } from '@/platform/session';
import { Page } from '@/pages/page-frame';
import { AccountSection } from './account-section';
import { AuditSection } from './audit-section';
import { PeopleSection } from './people-section';
import { ProjectsSection } from './projects-section';
import { TokensSection } from './tokens-section';

/** The person's account and tokens, the projects with their members, and for the server's owner people and audit log. */
export function SettingsPage() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  return (
    <Page title="Settings">
      <div className="flex max-w-3xl flex-col gap-10">
        <AccountSection session={session} />
        <TokensSection />
        <ProjectsSection me={session.person.id} />
        {session.person.serverOwner && <PeopleSection me={session.person.id} />}
        {session.person.serverOwner && <AuditSection />}
      </div>
    </Page>
  );
}
