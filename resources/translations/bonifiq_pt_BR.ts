<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="pt_BR" sourcelanguage="pt_BR">
<context>
    <name>CloseDialog</name>
    <message numerus="yes">
        <source>%n registro(s) ainda não têm a confirmação do BonifiQ. Estão guardados neste PC e seguem sozinhos quando o programa abrir de novo.</source>
        <translation>
            <numerusform>%n registro ainda não tem a confirmação do BonifiQ. Está guardado neste PC e segue sozinho quando o programa abrir de novo.</numerusform>
            <numerusform>%n registros ainda não têm a confirmação do BonifiQ. Estão guardados neste PC e seguem sozinhos quando o programa abrir de novo.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n registro(s) esperam decisão no Histórico. Estão guardados neste PC até lá.</source>
        <translation>
            <numerusform>%n registro espera decisão no Histórico. Está guardado neste PC até lá.</numerusform>
            <numerusform>%n registros esperam decisão no Histórico. Estão guardados neste PC até lá.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ConnectionSheet</name>
    <message numerus="yes">
        <source>%n motivo(s) escolhido(s) não existe(m) mais lá.</source>
        <translation>
            <numerusform>%n motivo escolhido não existe mais lá.</numerusform>
            <numerusform>%n motivos escolhidos não existem mais lá.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ConnectionsCard</name>
    <message numerus="yes">
        <source>%n motivo(s) sem código</source>
        <translation>
            <numerusform>%n motivo sem código</numerusform>
            <numerusform>%n motivos sem código</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DayView</name>
    <message numerus="yes">
        <source>%n registro(s)</source>
        <translation>
            <numerusform>%n registro</numerusform>
            <numerusform>%n registros</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n diferença(s) encontrada(s).</source>
        <translation>
            <numerusform>%n diferença encontrada.</numerusform>
            <numerusform>%n diferenças encontradas.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Fechamento salvo com %n linha(s).</source>
        <translation>
            <numerusform>Fechamento salvo com %n linha.</numerusform>
            <numerusform>Fechamento salvo com %n linhas.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Figures</name>
    <message numerus="yes">
        <source>%n devolução(ões)</source>
        <translation>
            <numerusform>%n devolução</numerusform>
            <numerusform>%n devoluções</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cancelamento(s)</source>
        <translation>
            <numerusform>%n cancelamento</numerusform>
            <numerusform>%n cancelamentos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n usado(s)</source>
        <translation>
            <numerusform>%n usado</numerusform>
            <numerusform>%n usados</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n desfeito(s)</source>
        <translation>
            <numerusform>%n desfeito</numerusform>
            <numerusform>%n desfeitos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n pendente(s)</source>
        <translation>
            <numerusform>%n pendente</numerusform>
            <numerusform>%n pendentes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n concluída(s)</source>
        <translation>
            <numerusform>%n concluída</numerusform>
            <numerusform>%n concluídas</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message numerus="yes">
        <source>Planilha salva com %n linha(s).</source>
        <translation>
            <numerusform>Planilha salva com %n linha.</numerusform>
            <numerusform>Planilha salva com %n linhas.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HomeView</name>
    <message numerus="yes">
        <source>%n precisam de decisão, veja com F4</source>
        <translation>
            <numerusform>%n precisa de decisão, veja com F4</numerusform>
            <numerusform>%n precisam de decisão, veja com F4</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PendingButton</name>
    <message numerus="yes">
        <source>%n registro(s) para conferir no BonifiQ</source>
        <translation>
            <numerusform>%n registro para conferir no BonifiQ</numerusform>
            <numerusform>%n registros para conferir no BonifiQ</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n registro(s) esperam decisão</source>
        <translation>
            <numerusform>%n registro espera decisão</numerusform>
            <numerusform>%n registros esperam decisão</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n registro(s) de outra loja ou endereço esperam</source>
        <translation>
            <numerusform>%n registro de outra loja ou endereço espera</numerusform>
            <numerusform>%n registros de outra loja ou endereço esperam</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n registro(s) em andamento</source>
        <translation>
            <numerusform>%n registro em andamento</numerusform>
            <numerusform>%n registros em andamento</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PrintNotice</name>
    <message numerus="yes">
        <source>Mais %n impressão(ões) espera(m) em Ajustes › Impressora.</source>
        <translation>
            <numerusform>Mais %n impressão espera em Ajustes › Impressora.</numerusform>
            <numerusform>Mais %n impressões esperam em Ajustes › Impressora.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>QuestionsPage</name>
    <message numerus="yes">
        <source>Planilha salva com %n linha(s).</source>
        <translation>
            <numerusform>Planilha salva com %n linha.</numerusform>
            <numerusform>Planilha salva com %n linhas.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RecoveryPage</name>
    <message numerus="yes">
        <source>A cópia de {0}, com %n registro(s)</source>
        <translation>
            <numerusform>A cópia de {0}, com %n registro</numerusform>
            <numerusform>A cópia de {0}, com %n registros</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ScanDialog</name>
    <message numerus="yes">
        <source>%n pedidos encontrados neste caixa.</source>
        <translation>
            <numerusform>%n pedido encontrado neste caixa.</numerusform>
            <numerusform>%n pedidos encontrados neste caixa.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ScannerTest</name>
    <message numerus="yes">
        <source>%n letra(s) em {0} ms, terminadas com {1}.</source>
        <translation>
            <numerusform>%n letra em {0} ms, terminada com {1}.</numerusform>
            <numerusform>%n letras em {0} ms, terminadas com {1}.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SearchView</name>
    <message numerus="yes">
        <source>%n resultados</source>
        <translation>
            <numerusform>%n resultado</numerusform>
            <numerusform>%n resultados</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ShopDatabaseCard</name>
    <message numerus="yes">
        <source>%n registro(s) deste caixa a mandar.</source>
        <translation>
            <numerusform>%n registro deste caixa a mandar.</numerusform>
            <numerusform>%n registros deste caixa a mandar.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n registro(s)</source>
        <translation>
            <numerusform>%n registro</numerusform>
            <numerusform>%n registros</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n registro(s) deste caixa nunca chegarão aos outros.</source>
        <translation>
            <numerusform>%n registro deste caixa nunca chegará aos outros.</numerusform>
            <numerusform>%n registros deste caixa nunca chegarão aos outros.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ShopTable</name>
    <message numerus="yes">
        <source>Falta(m) %n mudança(s) deles.</source>
        <translation>
            <numerusform>Falta %n mudança deles.</numerusform>
            <numerusform>Faltam %n mudanças deles.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StaffCard</name>
    <message numerus="yes">
        <source>%n minuto(s)</source>
        <translation>
            <numerusform>%n minuto</numerusform>
            <numerusform>%n minutos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StatusStrip</name>
    <message numerus="yes">
        <source>há %n dia(s)</source>
        <translation>
            <numerusform>há %n dia</numerusform>
            <numerusform>há %n dias</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TotalsLabel</name>
    <message numerus="yes">
        <source>%n registro(s)</source>
        <translation>
            <numerusform>%n registro</numerusform>
            <numerusform>%n registros</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>UserGuideDialog</name>
    <message numerus="yes">
        <source>%n resultado(s)</source>
        <translation>
            <numerusform>%n resultado</numerusform>
            <numerusform>%n resultados</numerusform>
        </translation>
    </message>
</context>
</TS>
