import '@/ui/tokens.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Toaster } from 'sonner';
import { useStore } from 'zustand';
import { ApiProblem } from '@/platform/api';
import { theme } from '@/platform/theme';
import { createAppRouter } from './router';

const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 5_000, retry: (count, error) => count < 2 && !(error instanceof ApiProblem && error.status >= 400) },
  },
});
const router = createAppRouter(queries);

function App() {
  const effective = useStore(theme, (state) => state.effective);
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
      <Toaster theme={effective} position="bottom-right" toastOptions={{ className: '!font-sans !text-[13px]' }} />
    </QueryClientProvider>
  );
}

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
