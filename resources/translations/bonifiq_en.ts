<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="pt_BR">
<context>
    <name>AcknowledgeSheet</name>
    <message>
        <source>O pedido {0} já foi conferido no BonifiQ?</source>
        <translation>Was order {0} already checked in BonifiQ?</translation>
    </message>
    <message>
        <source>Sim, apagar o aviso</source>
        <translation>Yes, clear the warning</translation>
    </message>
    <message>
        <source>Ainda não</source>
        <translation>Not yet</translation>
    </message>
    <message>
        <source>Depois de apagado, o aviso só volta se o BonifiQ mostrar outra coisa de novo.</source>
        <translation>Once cleared, the warning comes back only if BonifiQ shows something else again.</translation>
    </message>
</context>
<context>
    <name>AdvancedCard</name>
    <message>
        <source>Avançado: mude só com o suporte</source>
        <translation>Advanced: change only with support</translation>
    </message>
    <message>
        <source>Balcão (POS), o normal</source>
        <translation>Counter (POS), the usual one</translation>
    </message>
    <message>
        <source>Pedidos (Order)</source>
        <translation>Orders (Order)</translation>
    </message>
    <message>
        <source>como está no BonifiQ</source>
        <translation>as set in BonifiQ</translation>
    </message>
    <message>
        <source>volta ao saldo do cliente</source>
        <translation>goes back to the customer&apos;s balance</translation>
    </message>
    <message>
        <source>não volta</source>
        <translation>does not go back</translation>
    </message>
    <message>
        <source>Benefício usado, quando o pedido volta em parte</source>
        <translation>Reward used, when part of the order comes back</translation>
    </message>
    <message>
        <source>Enviar os itens junto com a devolução</source>
        <translation>Send the items along with the refund</translation>
    </message>
    <message>
        <source>Protocolo já usado numa repetição quer dizer que a devolução valeu</source>
        <translation>A reference already used, on a repeat, means that the refund was done</translation>
    </message>
    <message>
        <source>Código da loja (igual em todos os caixas)</source>
        <translation>Shop code (the same at every till)</translation>
    </message>
    <message>
        <source>Tipo de chamada nas devoluções</source>
        <translation>Kind of call for refunds</translation>
    </message>
</context>
<context>
    <name>ApiKeysPicture</name>
    <message>
        <source>Desenho do painel do BonifiQ: menu “API Keys”, e nele o token e a chave, cada um com “copiar”</source>
        <translation>Drawing of BonifiQ’s panel: the menu “API Keys” with the token and the key, each with “copy”</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Chave</source>
        <translation>Key</translation>
    </message>
    <message>
        <source>copiar</source>
        <translation>copy</translation>
    </message>
</context>
<context>
    <name>App</name>
    <message>
        <source>O programa não pôde ser aberto e vai fechar. Nada foi enviado; chame o suporte.</source>
        <translation>The program could not be opened and will close. Nothing was sent; call whoever supports it.</translation>
    </message>
</context>
<context>
    <name>AppearanceCard</name>
    <message>
        <source>Tamanho</source>
        <translation>Size</translation>
    </message>
    <message>
        <source>Sons: pronto, recusado e leitura ignorada</source>
        <translation>Sounds: done, refused and scan ignored</translation>
    </message>
    <message>
        <source>Teclas na tela, para tela sensível ao toque</source>
        <translation>Keys on the screen, for a touch screen</translation>
    </message>
    <message>
        <source>Aparência</source>
        <translation>Appearance</translation>
    </message>
    <message>
        <source>Vale na hora, só neste computador, e não pede PIN.</source>
        <translation>In force at once, on this computer only, without a PIN.</translation>
    </message>
    <message>
        <source>Cores</source>
        <translation>Colours</translation>
    </message>
    <message>
        <source>Tamanho das letras e dos botões (Ctrl + e Ctrl −)</source>
        <translation>Size of letters and buttons (Ctrl + and Ctrl −)</translation>
    </message>
</context>
<context>
    <name>ApprovalSheet</name>
    <message>
        <source>Precisa do responsável</source>
        <translation>A manager is needed</translation>
    </message>
    <message>
        <source>Autorizar</source>
        <translation>Allow</translation>
    </message>
    <message>
        <source>Voltar</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>O PIN vale só para esta vez.</source>
        <translation>The PIN counts for this one time.</translation>
    </message>
</context>
<context>
    <name>Assistance</name>
    <message>
        <source>Leitura ignorada: este campo é digitado.</source>
        <translation>Scan ignored: this field is typed.</translation>
    </message>
</context>
<context>
    <name>BalanceView</name>
    <message>
        <source>Benefícios do cliente</source>
        <translation>The customer&apos;s rewards</translation>
    </message>
    <message>
        <source>Pontos</source>
        <translation>Points</translation>
    </message>
    <message>
        <source>Cashback</source>
        <translation>Cashback</translation>
    </message>
    <message>
        <source>Nova venda</source>
        <translation>New sale</translation>
    </message>
    <message>
        <source>Benefícios</source>
        <translation>Rewards</translation>
    </message>
    <message>
        <source>Cliente sem nome</source>
        <translation>Customer without a name</translation>
    </message>
    <message>
        <source>Não participa do programa</source>
        <translation>Not in the loyalty programme</translation>
    </message>
    <message>
        <source>Pontos: {0}</source>
        <translation>Points: {0}</translation>
    </message>
    <message>
        <source>Cashback: {0}</source>
        <translation>Cashback: {0}</translation>
    </message>
    <message>
        <source>Próximo benefício: {0} com mais {1}.</source>
        <translation>Next reward: {0} with {1} more.</translation>
    </message>
    <message>
        <source>Pode usar</source>
        <translation>Can be used</translation>
    </message>
    <message>
        <source>Mais {0}</source>
        <translation>{0} more</translation>
    </message>
    <message>
        <source>Depende da compra</source>
        <translation>Depends on the purchase</translation>
    </message>
    <message>
        <source>Sem cashback</source>
        <translation>No cashback</translation>
    </message>
    <message>
        <source>Fora do programa</source>
        <translation>Not a member</translation>
    </message>
    <message>
        <source>Já usou o limite</source>
        <translation>Used up to the limit</translation>
    </message>
    <message>
        <source>Só na loja virtual</source>
        <translation>Online shop only</translation>
    </message>
    <message>
        <source>Não disponível</source>
        <translation>Not available</translation>
    </message>
</context>
<context>
    <name>CancelPage</name>
    <message>
        <source>Cancelar inteiro  ·  pedido {0}</source>
        <translation>Cancel whole  ·  order {0}</translation>
    </message>
    <message>
        <source>Cancelar pedido {0}</source>
        <translation>Cancel order {0}</translation>
    </message>
    <message>
        <source>Cancelar …{0}</source>
        <translation>Cancel …{0}</translation>
    </message>
    <message>
        <source>A venda está pendente: não deu pontos nem cashback, e cancelada não dará.</source>
        <translation>The sale is pending: it gave no points or cashback, and cancelled it will give none.</translation>
    </message>
    <message>
        <source>Tudo o que este pedido deu é estornado. Nada fica no pedido.</source>
        <translation>All that this order gave is taken back. Nothing stays in the order.</translation>
    </message>
</context>
<context>
    <name>ChapterList</name>
    <message>
        <source>Capítulos da ajuda</source>
        <translation>Chapters of the help</translation>
    </message>
    <message>
        <source>Esta mensagem: {0}</source>
        <translation>This message: {0}</translation>
    </message>
    <message>
        <source>Nada encontrado.
Tente outra palavra.</source>
        <translation>Nothing found.
Try another word.</translation>
    </message>
</context>
<context>
    <name>ChartsPage</name>
    <message>
        <source>Por hora</source>
        <translation>By hour</translation>
    </message>
    <message>
        <source>Por dia da semana</source>
        <translation>By weekday</translation>
    </message>
    <message>
        <source>Motivos</source>
        <translation>Reasons</translation>
    </message>
    <message>
        <source>Pontos</source>
        <translation>Points</translation>
    </message>
    <message>
        <source>Gráfico</source>
        <translation>Chart</translation>
    </message>
    <message>
        <source>Ver os números</source>
        <translation>Show figures</translation>
    </message>
    <message>
        <source>Salvar gráfico</source>
        <translation>Save chart</translation>
    </message>
    <message>
        <source>Somando o período…</source>
        <translation>Adding up the period…</translation>
    </message>
    <message>
        <source>Nada para mostrar agora.</source>
        <translation>Nothing to show now.</translation>
    </message>
    <message>
        <source>Nenhuma venda ou devolução confirmada: {0}.</source>
        <translation>No confirmed sale or refund: {0}.</translation>
    </message>
    <message>
        <source>Nada para este gráfico no período.</source>
        <translation>Nothing for this chart in the period.</translation>
    </message>
    <message>
        <source>Ver o gráfico</source>
        <translation>Show chart</translation>
    </message>
    <message>
        <source>Salvar o gráfico</source>
        <translation>Save the chart</translation>
    </message>
    <message>
        <source>grafico-bonifiq</source>
        <translation>bonifiq-chart</translation>
    </message>
    <message>
        <source>Todos os gráficos com números, A4 (*.pdf)</source>
        <translation>All charts with figures, A4 (*.pdf)</translation>
    </message>
    <message>
        <source>Este gráfico como imagem (*.png)</source>
        <translation>This chart as a picture (*.png)</translation>
    </message>
    <message>
        <source>Gráficos do BonifiQ Desktop</source>
        <translation>Charts of BonifiQ Desktop</translation>
    </message>
    <message>
        <source>Gráfico salvo.</source>
        <translation>Chart saved.</translation>
    </message>
</context>
<context>
    <name>CheckoutSheet</name>
    <message>
        <source>Este benefício foi usado, e a venda dele não foi registrada.</source>
        <translation>This reward was redeemed, and its sale was not registered.</translation>
    </message>
    <message>
        <source>Continuar a venda</source>
        <translation>Continue the sale</translation>
    </message>
    <message>
        <source>Agora não</source>
        <translation>Not now</translation>
    </message>
    <message>
        <source>Fechar</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>O BonifiQ não informou o código que a venda levaria, por isso ele só pode ser desfeito: o que o cliente gastou volta ao saldo.</source>
        <translation>BonifiQ did not tell the code that the sale would carry, so it can only be undone: what the customer spent goes back to the balance.</translation>
    </message>
    <message>
        <source>Se o cliente levou a compra com este desconto, continue a venda. Se ela não aconteceu, desfaça o benefício: o que o cliente gastou volta ao saldo.</source>
        <translation>If the customer took the purchase with this discount, continue the sale. If it did not happen, undo the reward: what the customer spent goes back to the balance.</translation>
    </message>
    <message>
        <source>Desfazer</source>
        <translation>Undo</translation>
    </message>
</context>
<context>
    <name>CloseDaySheet</name>
    <message>
        <source>Fechar o dia {0}</source>
        <translation>Close the day {0}</translation>
    </message>
    <message>
        <source>Registros em aberto</source>
        <translation>Open records</translation>
    </message>
    <message>
        <source>Seu nome</source>
        <translation>Your name</translation>
    </message>
    <message>
        <source>Por exemplo: sem internet</source>
        <translation>For example: no internet</translation>
    </message>
    <message>
        <source>Voltar</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>Fechar o dia</source>
        <translation>Close the day</translation>
    </message>
    <message>
        <source>Quem fecha</source>
        <translation>Who closes</translation>
    </message>
    <message>
        <source>Por quê</source>
        <translation>Why</translation>
    </message>
    <message>
        <source>O responsável que autorizar com o PIN fica como quem fechou.</source>
        <translation>The manager who approves with the PIN is recorded as the one who closed it.</translation>
    </message>
    <message>
        <source>{0}, {1}; devoluções e cancelamentos {2}.</source>
        <translation>{0}, {1}; refunds and cancellations {2}.</translation>
    </message>
    <message>
        <source>{0}: para fechar assim, diga quem fecha e por quê.</source>
        <translation>{0}: to close like this, say who closes and why.</translation>
    </message>
    <message>
        <source>Tudo foi enviado e decidido.</source>
        <translation>Everything was sent and decided.</translation>
    </message>
    <message>
        <source>Um dia fechado não muda mais; o que mudar depois aparece no próximo fechamento.</source>
        <translation>A closed day never changes; what changes later appears in the next close.</translation>
    </message>
    <message>
        <source>Fecha só o dia deste caixa: cada caixa fecha o seu.</source>
        <translation>This closes the day of this till only: each till closes its own.</translation>
    </message>
    <message>
        <source>Falta dizer quem fecha.</source>
        <translation>Say who closes.</translation>
    </message>
    <message>
        <source>Falta dizer por quê.</source>
        <translation>Say why.</translation>
    </message>
</context>
<context>
    <name>CloseDialog</name>
    <message>
        <source>Fechar o programa?</source>
        <translation>Close the program?</translation>
    </message>
    <message>
        <source>Fechar</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>Voltar</source>
        <translation>Back</translation>
    </message>
    <message numerus="yes">
        <source>%n registro(s) ainda não têm a confirmação do BonifiQ. Estão guardados neste PC e seguem sozinhos quando o programa abrir de novo.</source>
        <translation>
            <numerusform>%n record is not confirmed by BonifiQ yet. It is kept on this PC and goes on by itself when the program is opened again.</numerusform>
            <numerusform>%n records are not confirmed by BonifiQ yet. They are kept on this PC and go on by themselves when the program is opened again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n registro(s) esperam decisão no Histórico. Estão guardados neste PC até lá.</source>
        <translation>
            <numerusform>%n record waits for a decision in History. It is kept on this PC until then.</numerusform>
            <numerusform>%n records wait for a decision in History. They are kept on this PC until then.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ClosedView</name>
    <message>
        <source>Dias fechados, o mais novo primeiro</source>
        <translation>Closed days, the newest first</translation>
    </message>
    <message>
        <source>Nenhum dia foi fechado ainda neste caixa.</source>
        <translation>No day was closed on this till yet.</translation>
    </message>
    <message>
        <source>Os dias fechados não puderam ser lidos.</source>
        <translation>The closed days could not be read.</translation>
    </message>
</context>
<context>
    <name>CodeSheet</name>
    <message>
        <source>Confirmar quem é o cliente</source>
        <translation>Confirm who the customer is</translation>
    </message>
    <message>
        <source>Enviar código</source>
        <translation>Send code</translation>
    </message>
    <message>
        <source>Código que o cliente recebeu</source>
        <translation>Code that the customer received</translation>
    </message>
    <message>
        <source>Confirmar</source>
        <translation>Confirm</translation>
    </message>
    <message>
        <source>Voltar</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>Pedindo o código ao BonifiQ…</source>
        <translation>Asking BonifiQ for the code…</translation>
    </message>
    <message>
        <source>Treinamento: nenhum código é enviado. Use {0}.</source>
        <translation>Training: no code is sent. Use {0}.</translation>
    </message>
    <message>
        <source>O BonifiQ não enviou o código.</source>
        <translation>BonifiQ did not send the code.</translation>
    </message>
    <message>
        <source>Peça de novo, ou volte e registre a venda sem o benefício.</source>
        <translation>Ask again, or go back and register the sale without the reward.</translation>
    </message>
    <message>
        <source>O cliente recebeu um código por SMS. Peça que ele diga o código.</source>
        <translation>The customer received a code by text message. Ask for the code.</translation>
    </message>
    <message>
        <source>O cliente recebeu um código por e-mail. Peça que ele diga o código.</source>
        <translation>The customer received a code by e-mail. Ask for the code.</translation>
    </message>
    <message>
        <source>O cliente recebeu um código. Peça que ele diga o código.</source>
        <translation>The customer received a code. Ask for the code.</translation>
    </message>
    <message>
        <source>O BonifiQ não tem o celular deste cliente.</source>
        <translation>BonifiQ does not have this customer&apos;s mobile number.</translation>
    </message>
    <message>
        <source>O BonifiQ não tem o e-mail deste cliente.</source>
        <translation>BonifiQ does not have this customer&apos;s e-mail address.</translation>
    </message>
    <message>
        <source>Celular com DDD</source>
        <translation>Mobile number with area code</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>E-mail</translation>
    </message>
    <message>
        <source>O telefone não parece certo: use DDD e número.</source>
        <translation>The phone number does not look right: use area code and number.</translation>
    </message>
    <message>
        <source>O e-mail não parece certo.</source>
        <translation>The e-mail address does not look right.</translation>
    </message>
    <message>
        <source>Reenviar código</source>
        <translation>Send code again</translation>
    </message>
    <message>
        <source>Conferindo…</source>
        <translation>Checking…</translation>
    </message>
    <message>
        <source>O código não confere.</source>
        <translation>The code is not the right one.</translation>
    </message>
    <message>
        <source>Confira com o cliente e digite de novo, ou reenvie.</source>
        <translation>Check it with the customer and type it again, or send another.</translation>
    </message>
</context>
<context>
    <name>CompletePage</name>
    <message>
        <source>Concluir a venda  ·  pedido {0}</source>
        <translation>Complete the sale  ·  order {0}</translation>
    </message>
    <message>
        <source>agora (ou 19/11 14:30)</source>
        <translation>now (or 19/11 14:30)</translation>
    </message>
    <message>
        <source>Paga em</source>
        <translation>Paid on</translation>
    </message>
    <message>
        <source>Data e hora em que a venda foi paga</source>
        <translation>Date and time when the sale was paid</translation>
    </message>
    <message>
        <source>Concluir {0}</source>
        <translation>Complete {0}</translation>
    </message>
    <message>
        <source>Vendida em {0}</source>
        <translation>Sold on {0}</translation>
    </message>
    <message>
        <source>e mais {0}</source>
        <translation>and {0} more</translation>
    </message>
    <message>
        <source>A venda estava pendente. Concluída, ela dá os pontos e o cashback ao cliente.</source>
        <translation>The sale was pending. Once completed, it gives the customer the points and the cashback.</translation>
    </message>
    <message>
        <source>O pagamento é na maquininha ou na gaveta, não por aqui.</source>
        <translation>The payment is made at the card machine or the till drawer, not here.</translation>
    </message>
    <message>
        <source>Valor da venda</source>
        <translation>Value of the sale</translation>
    </message>
</context>
<context>
    <name>ConnectStep</name>
    <message>
        <source>Conecte este caixa à sua loja no BonifiQ</source>
        <translation>Connect this till to your shop at BonifiQ</translation>
    </message>
    <message>
        <source>Guardar a chave num arquivo que só este usuário do computador pode ler</source>
        <translation>Keep the key in a file that only this user of the computer can read</translation>
    </message>
    <message>
        <source>2  Token</source>
        <translation>2  Token</translation>
    </message>
    <message>
        <source>3  Chave</source>
        <translation>3  Key</translation>
    </message>
    <message>
        <source>1  Abra o painel do BonifiQ no navegador, no menu “API Keys”, e copie os dois.</source>
        <translation>1  Open BonifiQ’s panel in the browser, menu “API Keys”, and copy both.</translation>
    </message>
    <message>
        <source>Testar e conectar</source>
        <translation>Test and connect</translation>
    </message>
    <message>
        <source>Faltam o token e a chave.</source>
        <translation>Token and key are missing.</translation>
    </message>
    <message>
        <source>Copie os dois do painel.</source>
        <translation>Copy both from the panel.</translation>
    </message>
    <message>
        <source>Testando a conexão…</source>
        <translation>Testing the connection…</translation>
    </message>
    <message>
        <source>O teste não muda nada no BonifiQ.</source>
        <translation>The test changes nothing at BonifiQ.</translation>
    </message>
    <message>
        <source>Token ou chave errados: o BonifiQ respondeu e não aceitou.</source>
        <translation>Wrong token or key: BonifiQ answered and refused them.</translation>
    </message>
    <message>
        <source>Nada foi guardado.</source>
        <translation>Nothing was stored.</translation>
    </message>
    <message>
        <source>Copie os dois de novo do painel, inteiros.</source>
        <translation>Copy both again from the panel, complete.</translation>
    </message>
    <message>
        <source>Sem internet: o BonifiQ não foi alcançado.</source>
        <translation>No internet: BonifiQ was not reached.</translation>
    </message>
    <message>
        <source>O token e a chave podem estar certos; nada foi guardado ainda.</source>
        <translation>Token and key may be right; nothing was stored yet.</translation>
    </message>
    <message>
        <source>Confira o cabo ou o Wi-Fi e teste de novo.</source>
        <translation>Check the cable or the Wi-Fi and test again.</translation>
    </message>
</context>
<context>
    <name>ConnectionCard</name>
    <message>
        <source>Conexão com o BonifiQ</source>
        <translation>Connection to BonifiQ</translation>
    </message>
    <message>
        <source>Guardar a chave num arquivo que só este usuário do computador pode ler</source>
        <translation>Keep the key in a file that only this user of the computer can read</translation>
    </message>
    <message>
        <source>Apagar token e chave</source>
        <translation>Delete token and key</translation>
    </message>
    <message>
        <source>O token e a chave são criados no painel do BonifiQ, menu “API Keys”.</source>
        <translation>The token and the key are made in the BonifiQ dashboard, menu “API Keys”.</translation>
    </message>
    <message>
        <source>Endereço</source>
        <translation>Address</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Chave</source>
        <translation>Key</translation>
    </message>
    <message>
        <source>guardado (…{0}); digite só para trocar</source>
        <translation>stored (…{0}); type only to change it</translation>
    </message>
    <message>
        <source>guardada; digite só para trocar</source>
        <translation>kept; type only to replace it</translation>
    </message>
</context>
<context>
    <name>ConnectionSheet</name>
    <message>
        <source>Mudar {0}</source>
        <translation>Change {0}</translation>
    </message>
    <message>
        <source>Nova conexão</source>
        <translation>New connection</translation>
    </message>
    <message>
        <source>Sistema</source>
        <translation>System</translation>
    </message>
    <message>
        <source>Como o balcão a chama</source>
        <translation>What the counter calls it</translation>
    </message>
    <message>
        <source>Descobrir</source>
        <translation>Find out</translation>
    </message>
    <message>
        <source>Sim</source>
        <translation>Yes</translation>
    </message>
    <message>
        <source>Não</source>
        <translation>No</translation>
    </message>
    <message>
        <source>Cancelar só alguns itens antes do envio</source>
        <translation>Cancel only some items before the shipment</translation>
    </message>
    <message>
        <source>Devolver o frete também, se ninguém disser o contrário</source>
        <translation>Give the freight back too, unless the cashier says otherwise</translation>
    </message>
    <message>
        <source>Abrir a devolução no marketplace em vez de reembolsar direto</source>
        <translation>Open a return in the marketplace instead of refunding directly</translation>
    </message>
    <message>
        <source>Mandar o número da devolução como nota de devolução</source>
        <translation>Send the return number as the refund invoice</translation>
    </message>
    <message>
        <source>Pedir os dados do banco quando o cliente pagou por transferência</source>
        <translation>Ask for the bank account when the customer paid by transfer</translation>
    </message>
    <message>
        <source>Guardar a senha num arquivo que só este usuário do computador pode ler</source>
        <translation>Keep the secret in a file that only this user of the computer can read</translation>
    </message>
    <message>
        <source>Buscar motivos</source>
        <translation>Fetch reasons</translation>
    </message>
    <message>
        <source>Testar</source>
        <translation>Test</translation>
    </message>
    <message>
        <source>Salvar</source>
        <translation>Save</translation>
    </message>
    <message>
        <source>Voltar</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>Nome</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Endereço</source>
        <translation>Address</translation>
    </message>
    <message>
        <source>Usuário</source>
        <translation>User</translation>
    </message>
    <message>
        <source>Chave ou senha</source>
        <translation>Key or password</translation>
    </message>
    <message>
        <source>Número da loja</source>
        <translation>Shop number</translation>
    </message>
    <message>
        <source>Cancelar só alguns itens</source>
        <translation>Cancel only some items</translation>
    </message>
    <message>
        <source>Motivos</source>
        <translation>Reasons</translation>
    </message>
    <message>
        <source>guardada; digite só para trocar</source>
        <translation>kept; type only to replace it</translation>
    </message>
    <message>
        <source>Número do canal</source>
        <translation>Channel number</translation>
    </message>
    <message>
        <source>No portal do marketplace, crie um usuário só para o caixa, com leitura de pedidos, cancelamento e reembolso. Uma chave nova do usuário do seu integrador (ANYMARKET, Plugg.to, Tiny, Bling…) desliga o integrador.</source>
        <translation>In the marketplace portal, create a user for the till alone, which may read, cancel and refund orders. A new key for the user of your integrator (ANYMARKET, Plugg.to, Tiny, Bling…) switches the integrator off.</translation>
    </message>
    <message>
        <source>Usuário e senha do Omnitron; sem usuário, a senha é o token. O canal é opcional.</source>
        <translation>User and password of Omnitron; without a user, the password is the token. The channel is optional.</translation>
    </message>
    <message>
        <source>Testando a conexão…</source>
        <translation>Testing the connection…</translation>
    </message>
    <message>
        <source>Conexão certa: {0}.</source>
        <translation>Connection works: {0}.</translation>
    </message>
    <message>
        <source>O teste não muda nada lá.</source>
        <translation>The test changes nothing there.</translation>
    </message>
    <message>
        <source>Faltam direitos a este usuário: {0}.</source>
        <translation>This user lacks rights: {0}.</translation>
    </message>
    <message>
        <source>Buscando os motivos…</source>
        <translation>Fetching the reasons…</translation>
    </message>
    <message numerus="yes">
        <source>%n motivo(s) escolhido(s) não existe(m) mais lá.</source>
        <translation>
            <numerusform>%n chosen reason no longer exists there.</numerusform>
            <numerusform>%n chosen reasons no longer exist there.</numerusform>
        </translation>
    </message>
    <message>
        <source>Sem motivo, a devolução lá fica desligada.</source>
        <translation>Without a reason, returns there are switched off.</translation>
    </message>
    <message>
        <source>Escolha de novo.</source>
        <translation>Choose again.</translation>
    </message>
    <message>
        <source>Motivos recebidos: escolha um para cada motivo do balcão.</source>
        <translation>Reasons received: choose one for each reason of the counter.</translation>
    </message>
</context>
<context>
    <name>ConnectionsCard</name>
    <message>
        <source>Conexões com marketplaces e lojas on-line</source>
        <translation>Connections to marketplaces and web shops</translation>
    </message>
    <message>
        <source>Nome</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Sistema</source>
        <translation>System</translation>
    </message>
    <message>
        <source>Estado</source>
        <translation>State</translation>
    </message>
    <message>
        <source>Nova conexão</source>
        <translation>New connection</translation>
    </message>
    <message>
        <source>Mudar</source>
        <translation>Change</translation>
    </message>
    <message>
        <source>Remover</source>
        <translation>Remove</translation>
    </message>
    <message>
        <source>Marketplaces e loja on-line</source>
        <translation>Marketplaces and web shop</translation>
    </message>
    <message>
        <source>Uma devolução no balcão cancela ou reembolsa também lá, onde a venda foi feita.</source>
        <translation>A return at the counter also cancels or refunds where the sale was made.</translation>
    </message>
    <message>
        <source>Conectado</source>
        <translation>Connected</translation>
    </message>
    <message>
        <source>Sem conexão</source>
        <translation>No connection</translation>
    </message>
    <message>
        <source>Chave ou senha recusada</source>
        <translation>Key or password refused</translation>
    </message>
    <message>
        <source>Sem resposta clara</source>
        <translation>No clear answer</translation>
    </message>
    <message>
        <source>Falta a chave ou a senha</source>
        <translation>Key or password missing</translation>
    </message>
    <message>
        <source>Pronto</source>
        <translation>Ready</translation>
    </message>
    <message numerus="yes">
        <source>%n motivo(s) sem código</source>
        <translation>
            <numerusform>%n reason without a code</numerusform>
            <numerusform>%n reasons without a code</numerusform>
        </translation>
    </message>
    <message>
        <source>não cancela só alguns itens</source>
        <translation>cannot cancel only some items</translation>
    </message>
    <message>
        <source>Conexão salva.</source>
        <translation>Connection saved.</translation>
    </message>
    <message>
        <source>Remover a conexão {0}?</source>
        <translation>Remove the connection {0}?</translation>
    </message>
    <message>
        <source>As devoluções já feitas continuam no histórico. A chave ou senha é apagada deste computador.</source>
        <translation>The returns that were made stay in the history. The key or password is deleted from this computer.</translation>
    </message>
    <message>
        <source>Para remover, aperte o botão outra vez.</source>
        <translation>To remove it, press the button again.</translation>
    </message>
    <message>
        <source>Conexão removida.</source>
        <translation>Connection removed.</translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>Aconteceu algo que o programa não esperava</source>
        <translation>Something happened that the program did not expect</translation>
    </message>
    <message>
        <source>Continuar</source>
        <translation>Continue</translation>
    </message>
    <message>
        <source>Abrir a pasta</source>
        <translation>Open the folder</translation>
    </message>
    <message>
        <source>Código {0}</source>
        <translation>Code {0}</translation>
    </message>
    <message>
        <source>Copiar</source>
        <translation>Copy</translation>
    </message>
    <message>
        <source>Arquivo para o suporte</source>
        <translation>Support file</translation>
    </message>
    <message>
        <source>O que já foi registrado continua guardado; confira o Histórico (F4) antes de repetir.</source>
        <translation>What was registered is still stored; check the History (F4) before you repeat it.</translation>
    </message>
    <message>
        <source>Código para dizer ao suporte</source>
        <translation>Code to tell the support</translation>
    </message>
    <message>
        <source>O relatório não pôde ser salvo neste PC. Veja se o disco está cheio.</source>
        <translation>The report could not be saved on this PC. See whether the disk is full.</translation>
    </message>
    <message>
        <source>Um relatório foi salvo, sem dados de clientes. Ele vai no arquivo para o suporte.</source>
        <translation>A report was saved, without customer data. It is part of the support file.</translation>
    </message>
    <message>
        <source>Copiado</source>
        <translation>Copied</translation>
    </message>
    <message>
        <source>Salvar o arquivo para o suporte</source>
        <translation>Save the support file</translation>
    </message>
    <message>
        <source>Arquivo (*.zip)</source>
        <translation>File (*.zip)</translation>
    </message>
    <message>
        <source>Arquivo para o suporte salvo.</source>
        <translation>Support file saved.</translation>
    </message>
</context>
<context>
    <name>CustomerCard</name>
    <message>
        <source>Não participa</source>
        <translation>Not a member</translation>
    </message>
    <message>
        <source>{0} de cashback</source>
        <translation>{0} cashback</translation>
    </message>
    <message>
        <source>Mostrar CPF</source>
        <translation>Show CPF</translation>
    </message>
</context>
<context>
    <name>CustomerHits</name>
    <message>
        <source>Clientes encontrados</source>
        <translation>Customers found</translation>
    </message>
    <message>
        <source>última compra {0}, {1}</source>
        <translation>last purchase {0}, {1}</translation>
    </message>
    <message>
        <source>Cliente novo: {0}</source>
        <translation>New customer: {0}</translation>
    </message>
</context>
<context>
    <name>DateRange</name>
    <message>
        <source>De</source>
        <translation>From</translation>
    </message>
    <message>
        <source>Até</source>
        <translation>To</translation>
    </message>
    <message>
        <source>até</source>
        <translation>to</translation>
    </message>
</context>
<context>
    <name>DayChooser</name>
    <message>
        <source>Dia</source>
        <translation>Day</translation>
    </message>
    <message>
        <source>Outro dia, pela data</source>
        <translation>Another day, by its date</translation>
    </message>
    <message>
        <source>ou</source>
        <translation>or</translation>
    </message>
    <message>
        <source>{0} (aberto)</source>
        <translation>{0} (open)</translation>
    </message>
</context>
<context>
    <name>DayPage</name>
    <message>
        <source>Partes do fechamento</source>
        <translation>Parts of the day close</translation>
    </message>
    <message>
        <source>Fechamento</source>
        <translation>Day close</translation>
    </message>
</context>
<context>
    <name>DayView</name>
    <message>
        <source>O que falta resolver</source>
        <translation>What is left to do</translation>
    </message>
    <message>
        <source>Conferir com os sistemas</source>
        <translation>Check with the systems</translation>
    </message>
    <message>
        <source>Exportar</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>Fechar o dia</source>
        <translation>Close the day</translation>
    </message>
    <message>
        <source>O dia não pôde ser lido.</source>
        <translation>The day could not be read.</translation>
    </message>
    <message>
        <source>Aberto</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>Fechado nº {0}</source>
        <translation>Closed no. {0}</translation>
    </message>
    <message numerus="yes">
        <source>%n registro(s)</source>
        <translation>
            <numerusform>%n record</numerusform>
            <numerusform>%n records</numerusform>
        </translation>
    </message>
    <message>
        <source>Nada foi registrado em {0}.</source>
        <translation>Nothing was registered on {0}.</translation>
    </message>
    <message>
        <source>Conferindo os pedidos com os sistemas…</source>
        <translation>Checking the orders with the systems…</translation>
    </message>
    <message>
        <source>Conferidos {0} de {1} pedidos às {2}.</source>
        <translation>Checked {0} of {1} orders at {2}.</translation>
    </message>
    <message>
        <source>Cada linha abaixo diz o próximo passo.</source>
        <translation>Each row below says the next step.</translation>
    </message>
    <message numerus="yes">
        <source>%n diferença(s) encontrada(s).</source>
        <translation>
            <numerusform>%n difference found.</numerusform>
            <numerusform>%n differences found.</numerusform>
        </translation>
    </message>
    <message>
        <source>Este dia não tem pedidos a conferir.</source>
        <translation>This day has no orders to check.</translation>
    </message>
    <message>
        <source>Nenhum pedido pôde ser conferido agora.</source>
        <translation>No order could be checked now.</translation>
    </message>
    <message>
        <source>Nenhuma diferença no que foi conferido.</source>
        <translation>No difference in what was checked.</translation>
    </message>
    <message>
        <source>Tudo igual nos sistemas.</source>
        <translation>The systems show the same.</translation>
    </message>
    <message>
        <source>Dia {0} fechado, nº {1}. Código {2}.</source>
        <translation>Day {0} closed, no. {1}. Code {2}.</translation>
    </message>
    <message>
        <source>Salvar o fechamento</source>
        <translation>Save the day close</translation>
    </message>
    <message>
        <source>Planilha do Excel (*.xlsx)</source>
        <translation>Excel workbook (*.xlsx)</translation>
    </message>
    <message>
        <source>CSV, para outros programas (*.csv)</source>
        <translation>CSV, for other programs (*.csv)</translation>
    </message>
    <message>
        <source>Salvando o fechamento…</source>
        <translation>Saving the day close…</translation>
    </message>
    <message numerus="yes">
        <source>Fechamento salvo com %n linha(s).</source>
        <translation>
            <numerusform>Day close saved with %n row.</numerusform>
            <numerusform>Day close saved with %n rows.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DetailPanel</name>
    <message>
        <source>Detalhes do registro</source>
        <translation>Details of the record</translation>
    </message>
    <message>
        <source>Desistir (ainda não enviado)</source>
        <translation>Give up (not sent yet)</translation>
    </message>
    <message>
        <source>Decidir</source>
        <translation>Decide</translation>
    </message>
    <message>
        <source>Assumir o pedido</source>
        <translation>Take the order over</translation>
    </message>
    <message>
        <source>Já verifiquei</source>
        <translation>I have checked</translation>
    </message>
    <message>
        <source>Ver pedido</source>
        <translation>Open order</translation>
    </message>
    <message>
        <source>Ver tudo</source>
        <translation>Show all</translation>
    </message>
    <message>
        <source>Ver menos</source>
        <translation>Show less</translation>
    </message>
</context>
<context>
    <name>Figures</name>
    <message>
        <source>Vendas</source>
        <translation>Sales</translation>
    </message>
    <message>
        <source>Devoluções e cancelamentos</source>
        <translation>Refunds and cancellations</translation>
    </message>
    <message>
        <source>Benefícios usados</source>
        <translation>Rewards used</translation>
    </message>
    <message>
        <source>Saldo de pontos</source>
        <translation>Points, net</translation>
    </message>
    <message>
        <source>Saldo de cashback</source>
        <translation>Cashback, net</translation>
    </message>
    <message>
        <source>Em aberto</source>
        <translation>Open</translation>
    </message>
    <message numerus="yes">
        <source>%n devolução(ões)</source>
        <translation>
            <numerusform>%n refund</numerusform>
            <numerusform>%n refunds</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cancelamento(s)</source>
        <translation>
            <numerusform>%n cancellation</numerusform>
            <numerusform>%n cancellations</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n usado(s)</source>
        <translation>
            <numerusform>%n reward used</numerusform>
            <numerusform>%n rewards used</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n desfeito(s)</source>
        <translation>
            <numerusform>%n reward undone</numerusform>
            <numerusform>%n rewards undone</numerusform>
        </translation>
    </message>
    <message>
        <source>fora dos totais</source>
        <translation>not in the totals</translation>
    </message>
    <message>
        <source>tudo enviado e decidido</source>
        <translation>everything sent and decided</translation>
    </message>
    <message numerus="yes">
        <source>%n pendente(s)</source>
        <translation>
            <numerusform>%n pending sale</numerusform>
            <numerusform>%n pending sales</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n concluída(s)</source>
        <translation>
            <numerusform>%n completed sale</numerusform>
            <numerusform>%n completed sales</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} dados · {1} retirados</source>
        <translation>{0} given · {1} taken</translation>
    </message>
    <message>
        <source>com estimativa</source>
        <translation>with estimates</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>Qualquer data</source>
        <translation>Any date</translation>
    </message>
    <message>
        <source>Hoje</source>
        <translation>Today</translation>
    </message>
    <message>
        <source>7 dias</source>
        <translation>7 days</translation>
    </message>
    <message>
        <source>Mês</source>
        <translation>Month</translation>
    </message>
    <message>
        <source>Período</source>
        <translation>Period</translation>
    </message>
    <message>
        <source>Caixa</source>
        <translation>Till</translation>
    </message>
    <message>
        <source>Tudo</source>
        <translation>All</translation>
    </message>
    <message>
        <source>Vendas</source>
        <translation>Sales</translation>
    </message>
    <message>
        <source>Devoluções</source>
        <translation>Refunds</translation>
    </message>
    <message>
        <source>Cancelamentos</source>
        <translation>Cancels</translation>
    </message>
    <message>
        <source>Benefícios</source>
        <translation>Rewards</translation>
    </message>
    <message>
        <source>O que mostrar</source>
        <translation>What to show</translation>
    </message>
    <message>
        <source>Todos os caixas</source>
        <translation>All tills</translation>
    </message>
    <message>
        <source>Este caixa</source>
        <translation>This till</translation>
    </message>
    <message>
        <source>Todas as pessoas</source>
        <translation>Everyone</translation>
    </message>
    <message>
        <source>Quem registrou</source>
        <translation>Who registered it</translation>
    </message>
    <message>
        <source>Todos os sistemas</source>
        <translation>All systems</translation>
    </message>
    <message>
        <source>Sistema</source>
        <translation>System</translation>
    </message>
    <message>
        <source>Pendentes ({0})</source>
        <translation>Pending ({0})</translation>
    </message>
    <message>
        <source>Decidir ({0})</source>
        <translation>To decide ({0})</translation>
    </message>
</context>
<context>
    <name>FirstStartPage</name>
    <message>
        <source>Conectar</source>
        <translation>Connect</translation>
    </message>
    <message>
        <source>Este caixa</source>
        <translation>This till</translation>
    </message>
    <message>
        <source>Quem usa</source>
        <translation>Who uses it</translation>
    </message>
    <message>
        <source>Praticar sem valer</source>
        <translation>Practise</translation>
    </message>
    <message>
        <source>Bem-vindo ao BonifiQ Desktop</source>
        <translation>Welcome to BonifiQ Desktop</translation>
    </message>
</context>
<context>
    <name>HelpButton</name>
    <message>
        <source>Ajuda</source>
        <translation>Help</translation>
    </message>
</context>
<context>
    <name>HistoryDetail</name>
    <message>
        <source>Pedido</source>
        <translation>Order</translation>
    </message>
    <message>
        <source>Protocolo</source>
        <translation>Reference</translation>
    </message>
    <message>
        <source>Motivo</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>Em cada sistema</source>
        <translation>In each system</translation>
    </message>
    <message>
        <source>Este caixa assumiu o pedido em {0}, por {1}.</source>
        <translation>This till took the order over at {0}, decided by {1}.</translation>
    </message>
    <message>
        <source>Este caixa assumiu o pedido em {0}.</source>
        <translation>This till took the order over at {0}.</translation>
    </message>
    <message>
        <source>Nesta compra</source>
        <translation>In this purchase</translation>
    </message>
    <message>
        <source>Registrado no {0}: os detalhes e o comprovante ficam lá.</source>
        <translation>Registered at {0}: the details and the slip stay there.</translation>
    </message>
    <message>
        <source>Caixa</source>
        <translation>Till</translation>
    </message>
    <message>
        <source>Cliente</source>
        <translation>Customer</translation>
    </message>
    <message>
        <source>Registrado em</source>
        <translation>Registered at</translation>
    </message>
    <message>
        <source>Encerrado em</source>
        <translation>Finished at</translation>
    </message>
    <message>
        <source>Código do benefício</source>
        <translation>Reward code</translation>
    </message>
    <message>
        <source>Número lá</source>
        <translation>Number there</translation>
    </message>
    <message>
        <source>Devolução</source>
        <translation>Refund</translation>
    </message>
    <message>
        <source>Benefício</source>
        <translation>Reward</translation>
    </message>
    <message>
        <source>Itens devolvidos</source>
        <translation>Items refunded</translation>
    </message>
    <message>
        <source>O que aconteceu</source>
        <translation>What happened</translation>
    </message>
    <message>
        <source>Produto</source>
        <translation>Product</translation>
    </message>
    <message>
        <source>Em {0} o BonifiQ mostrou: {1}.</source>
        <translation>At {0} BonifiQ showed: {1}.</translation>
    </message>
    <message>
        <source>O que está gravado aqui:</source>
        <translation>What is registered here:</translation>
    </message>
    <message>
        <source>O histórico da loja mostrou: foi confirmado.</source>
        <translation>The shop&apos;s history showed: it was confirmed.</translation>
    </message>
    <message>
        <source>O BonifiQ mostrou outra coisa: {0}.</source>
        <translation>BonifiQ showed something else: {0}.</translation>
    </message>
    <message>
        <source>Verificado por uma pessoa.</source>
        <translation>Checked by a person.</translation>
    </message>
    <message>
        <source>Situação: {0}</source>
        <translation>Status: {0}</translation>
    </message>
    <message>
        <source>Decidido por {0}</source>
        <translation>Decided by {0}</translation>
    </message>
    <message>
        <source>O BonifiQ mostrou: {0}.</source>
        <translation>BonifiQ showed: {0}.</translation>
    </message>
    <message>
        <source>Registrado, com autorização de {0}</source>
        <translation>Registered, allowed by {0}</translation>
    </message>
    <message>
        <source>Registrado por {0}</source>
        <translation>Registered by {0}</translation>
    </message>
    <message>
        <source>{0}, com autorização de {1}</source>
        <translation>{0}, allowed by {1}</translation>
    </message>
    <message>
        <source>Enviado; o BonifiQ confirmou.</source>
        <translation>Sent; BonifiQ confirmed it.</translation>
    </message>
    <message>
        <source>Enviado; o BonifiQ recusou.</source>
        <translation>Sent; BonifiQ refused it.</translation>
    </message>
    <message>
        <source>Não saiu deste PC.</source>
        <translation>It did not leave this PC.</translation>
    </message>
    <message>
        <source>Enviado; sem resposta clara.</source>
        <translation>Sent; no clear answer.</translation>
    </message>
    <message>
        <source>Envio começado.</source>
        <translation>Sending started.</translation>
    </message>
    <message>
        <source>Este registro é de outra loja ou de outro endereço do BonifiQ, e espera por eles.</source>
        <translation>This record belongs to another shop or another BonifiQ address, and waits for it.</translation>
    </message>
    <message>
        <source>Nada dele é enviado com o token e o endereço de agora.</source>
        <translation>Nothing of it is sent with the present token and address.</translation>
    </message>
    <message>
        <source>Ele segue sozinho quando o token daquela loja voltar, em Ajustes (F9).</source>
        <translation>It goes on by itself once that shop&apos;s token is back, in Settings (F9).</translation>
    </message>
    <message>
        <source>Por último</source>
        <translation>Last</translation>
    </message>
    <message>
        <source>Registrado por</source>
        <translation>Registered by</translation>
    </message>
    <message>
        <source>com autorização de {0}</source>
        <translation>approved by {0}</translation>
    </message>
    <message>
        <source>Este registro espera a conexão {0}, como era quando foi feito.</source>
        <translation>This record waits for the connection {0} as it was when the record was made.</translation>
    </message>
    <message>
        <source>Essa conexão não existe mais aqui, ou está em outro endereço ou loja.</source>
        <translation>That connection no longer exists here, or it has another address or shop.</translation>
    </message>
    <message>
        <source>Ele segue sozinho quando ela voltar com o mesmo nome, em Ajustes (F9), Conexões.</source>
        <translation>It goes on by itself once the connection is back under the same name, in Settings (F9), Connections.</translation>
    </message>
</context>
<context>
    <name>HistoryModel</name>
    <message>
        <source>Quando</source>
        <translation>When</translation>
    </message>
    <message>
        <source>O quê</source>
        <translation>What</translation>
    </message>
    <message>
        <source>Pedido</source>
        <translation>Order</translation>
    </message>
    <message>
        <source>Valor</source>
        <translation>Value</translation>
    </message>
    <message>
        <source>Situação</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Cliente</source>
        <translation>Customer</translation>
    </message>
    <message>
        <source>Quem</source>
        <translation>Who</translation>
    </message>
    <message>
        <source>Cliente não informado</source>
        <translation>No customer given</translation>
    </message>
    <message>
        <source>Sem nome de quem registrou</source>
        <translation>No name of who registered it</translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message>
        <source>Procurar no histórico</source>
        <translation>Search the history</translation>
    </message>
    <message>
        <source>Salvar planilha</source>
        <translation>Save spreadsheet</translation>
    </message>
    <message>
        <source>Registros</source>
        <translation>Records</translation>
    </message>
    <message>
        <source>Nada encontrado.</source>
        <translation>Nothing found.</translation>
    </message>
    <message>
        <source>Nada registrado ainda neste caixa.</source>
        <translation>Nothing registered at this till yet.</translation>
    </message>
    <message>
        <source>Planilha do Excel (*.xlsx)</source>
        <translation>Excel sheet (*.xlsx)</translation>
    </message>
    <message>
        <source>CSV, para outros programas (*.csv)</source>
        <translation>CSV, for other programs (*.csv)</translation>
    </message>
    <message>
        <source>Pedido, protocolo, cliente, CPF ou telefone</source>
        <translation>Order, reference, customer, CPF or phone</translation>
    </message>
    <message>
        <source>Limpar a procura e os filtros</source>
        <translation>Clear search and filters</translation>
    </message>
    <message>
        <source>Histórico</source>
        <translation>History</translation>
    </message>
    <message>
        <source>O histórico está fora de uso. O aviso acima diz o que fazer.</source>
        <translation>The history is out of use. The notice above says what to do.</translation>
    </message>
    <message>
        <source>Salvar o que a lista mostra</source>
        <translation>Save what the list shows</translation>
    </message>
    <message>
        <source>Salvando a planilha…</source>
        <translation>Saving the sheet…</translation>
    </message>
    <message numerus="yes">
        <source>Planilha salva com %n linha(s).</source>
        <translation>
            <numerusform>Spreadsheet saved with %n row.</numerusform>
            <numerusform>Spreadsheet saved with %n rows.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HomeView</name>
    <message>
        <source>Começados e recentes neste caixa</source>
        <translation>Begun and recent at this till</translation>
    </message>
    <message>
        <source>Leia o código do cupom fiscal, ou digite o pedido, o CPF, o telefone ou o nome.</source>
        <translation>Scan the receipt&apos;s code, or type the order, the CPF, the phone or the name.</translation>
    </message>
    <message>
        <source>Vendas</source>
        <translation>Sales</translation>
    </message>
    <message>
        <source>Devoluções</source>
        <translation>Refunds</translation>
    </message>
    <message>
        <source>Pontos dados</source>
        <translation>Points given</translation>
    </message>
    <message>
        <source>Pendentes</source>
        <translation>Pending</translation>
    </message>
    <message>
        <source>Hoje neste caixa</source>
        <translation>Today at this till</translation>
    </message>
    <message>
        <source>Pedidos para experimentar:</source>
        <translation>Orders to try:</translation>
    </message>
    <message>
        <source>Clientes para vender com benefício:</source>
        <translation>Customers for a sale with a reward:</translation>
    </message>
    <message>
        <source>Benefícios usados sem venda</source>
        <translation>Rewards redeemed without a sale</translation>
    </message>
    <message>
        <source>Continuar</source>
        <translation>Go on with</translation>
    </message>
    <message>
        <source>Recentes neste caixa</source>
        <translation>Recent at this till</translation>
    </message>
    <message numerus="yes">
        <source>%n precisam de decisão, veja com F4</source>
        <translation>
            <numerusform>%n needs a decision, see F4</numerusform>
            <numerusform>%n need a decision, see F4</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>InviteSheet</name>
    <message>
        <source>Convidar outro caixa</source>
        <translation>Invite another till</translation>
    </message>
    <message>
        <source>por exemplo CAIXA3</source>
        <translation>for example CAIXA3</translation>
    </message>
    <message>
        <source>Escolher…</source>
        <translation>Choose…</translation>
    </message>
    <message>
        <source>Outro computador fica com este nome; o de agora perde o acesso</source>
        <translation>Another computer takes this name; the present one loses access</translation>
    </message>
    <message>
        <source>Convidar</source>
        <translation>Invite</translation>
    </message>
    <message>
        <source>Voltar</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>Já anotei o código</source>
        <translation>I have written the code down</translation>
    </message>
    <message>
        <source>Nome do caixa novo</source>
        <translation>Name of the new till</translation>
    </message>
    <message>
        <source>Gravar o arquivo em</source>
        <translation>Save the file as</translation>
    </message>
    <message>
        <source>Usuário do banco de dados</source>
        <translation>User of the database</translation>
    </message>
    <message>
        <source>Senha</source>
        <translation>Password</translation>
    </message>
    <message>
        <source>O caixa novo entra com um arquivo e um código. O usuário e a senha são do administrador do banco de dados, de quem o preparou: servem só para este convite, e o programa não os guarda.</source>
        <translation>The new till joins with a file and a code. User and password are the database administrator&apos;s, who set the database up: they serve for this invitation only, and the program does not store them.</translation>
    </message>
    <message>
        <source>Arquivo e código servem para um caixa, uma vez, nas próximas 24 horas.</source>
        <translation>File and code work for one till, once, within the next 24 hours.</translation>
    </message>
    <message>
        <source>Leve os dois por caminhos diferentes: o arquivo num pen drive, por exemplo, e o código anotado ou por telefone. Quem tiver os dois entra no banco da loja.</source>
        <translation>Take them there by different ways: the file on a USB stick, for example, and the code on paper or by phone. Anyone who has both can join the shop database.</translation>
    </message>
    <message>
        <source>No caixa novo: Ajustes (F9), Banco da loja, “Entrar no banco da loja”.</source>
        <translation>At the new till: Settings (F9), Shop database, “Join the shop database”.</translation>
    </message>
    <message>
        <source>Anote o código agora: ele não aparece de novo.</source>
        <translation>Write the code down now: it is not shown again.</translation>
    </message>
    <message>
        <source>Arquivo para o caixa novo</source>
        <translation>File for the new till</translation>
    </message>
    <message>
        <source>Convidando…</source>
        <translation>Inviting…</translation>
    </message>
    <message>
        <source>Convite para o {0}</source>
        <translation>Invitation for {0}</translation>
    </message>
    <message>
        <source>Arquivo: {0}</source>
        <translation>File: {0}</translation>
    </message>
</context>
<context>
    <name>JobList</name>
    <message>
        <source>Impressão</source>
        <translation>Print</translation>
    </message>
    <message>
        <source>Quando</source>
        <translation>When</translation>
    </message>
    <message>
        <source>Via</source>
        <translation>Copy</translation>
    </message>
    <message>
        <source>Situação</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Últimas impressões</source>
        <translation>Last prints</translation>
    </message>
    <message>
        <source>Nada foi impresso neste caixa ainda.</source>
        <translation>Nothing was printed at this till yet.</translation>
    </message>
    <message>
        <source>Imprimir de novo</source>
        <translation>Print again</translation>
    </message>
    <message>
        <source>Desistir</source>
        <translation>Give up</translation>
    </message>
    <message>
        <source>{0}ª</source>
        <translation>no. {0}</translation>
    </message>
</context>
<context>
    <name>JoinSheet</name>
    <message>
        <source>Entrar no banco da loja</source>
        <translation>Join the shop database</translation>
    </message>
    <message>
        <source>20 letras, que vieram com o arquivo</source>
        <translation>20 letters, which came with the file</translation>
    </message>
    <message>
        <source>Escolher…</source>
        <translation>Choose…</translation>
    </message>
    <message>
        <source>Guardar a senha num arquivo que só este usuário do computador pode ler</source>
        <translation>Keep the password in a file that only this user of the computer can read</translation>
    </message>
    <message>
        <source>Entrar</source>
        <translation>Join</translation>
    </message>
    <message>
        <source>Voltar</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>Arquivo</source>
        <translation>File</translation>
    </message>
    <message>
        <source>Código</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>O responsável faz um arquivo e um código para este caixa, num que já participa. Os do primeiro caixa vêm do suporte. Cada par serve para um caixa, uma vez, por 24 horas.</source>
        <translation>The manager makes a file and a code for this till, at one that takes part already. Those of the first till come from the support. Each pair is for one till, once, within 24 hours.</translation>
    </message>
    <message>
        <source>Arquivo para entrar no banco da loja</source>
        <translation>File to join the shop database</translation>
    </message>
    <message>
        <source>Entrando no banco da loja…</source>
        <translation>Joining the shop database…</translation>
    </message>
</context>
<context>
    <name>KeyStrip</name>
    <message>
        <source>Teclas na tela</source>
        <translation>On-screen keys</translation>
    </message>
    <message>
        <source>Esc: voltar</source>
        <translation>Esc: back</translation>
    </message>
    <message>
        <source>Seta para a esquerda</source>
        <translation>Left arrow</translation>
    </message>
    <message>
        <source>Seta para cima</source>
        <translation>Up arrow</translation>
    </message>
    <message>
        <source>Seta para baixo</source>
        <translation>Down arrow</translation>
    </message>
    <message>
        <source>Seta para a direita</source>
        <translation>Right arrow</translation>
    </message>
    <message>
        <source>Espaço</source>
        <translation>Space</translation>
    </message>
    <message>
        <source>Espaço: marcar</source>
        <translation>Space: tick</translation>
    </message>
    <message>
        <source>Tab: próximo campo</source>
        <translation>Tab: next field</translation>
    </message>
    <message>
        <source>Enter: próximo ou confirmar</source>
        <translation>Enter: next or confirm</translation>
    </message>
</context>
<context>
    <name>LastSale</name>
    <message>
        <source>A venda registrada fica aqui, com o número dela.</source>
        <translation>The sale that you register stays here, with its number.</translation>
    </message>
    <message>
        <source>Copiar</source>
        <translation>Copy</translation>
    </message>
    <message>
        <source>Última venda</source>
        <translation>Last sale</translation>
    </message>
    <message>
        <source>{0} de cashback</source>
        <translation>{0} cashback</translation>
    </message>
    <message>
        <source>Cancelada</source>
        <translation>Cancelled</translation>
    </message>
    <message>
        <source>Pendente</source>
        <translation>Pending</translation>
    </message>
    <message>
        <source>Número copiado.</source>
        <translation>Number copied.</translation>
    </message>
    <message>
        <source>Abrir</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>Copiar o número {0}</source>
        <translation>Copy number {0}</translation>
    </message>
    <message>
        <source>Abrir o pedido {0}</source>
        <translation>Open order {0}</translation>
    </message>
</context>
<context>
    <name>LastSeen</name>
    <message>
        <source>Não consultado agora · visto em {0}</source>
        <translation>Not looked up now · seen {0}</translation>
    </message>
    <message>
        <source>Este é o pedido como este caixa o conhecia em {0}; pode ter mudado depois.</source>
        <translation>This is the order as this till knew it on {0}; it may have changed since.</translation>
    </message>
    <message>
        <source>Não há mais nada a devolver neste pedido.</source>
        <translation>There is nothing left to refund on this order.</translation>
    </message>
    <message>
        <source>Dá para devolver: o pedido será conferido no BonifiQ antes do envio.</source>
        <translation>You can refund it: the order will be checked at BonifiQ before anything is sent.</translation>
    </message>
    <message>
        <source>O histórico deste caixa foi recuperado em {0} de uma cópia de {1}.</source>
        <translation>This till&apos;s history was recovered on {0} from a copy of {1}.</translation>
    </message>
    <message>
        <source>O histórico deste caixa foi trocado em {0}.</source>
        <translation>This till&apos;s history was replaced on {0}.</translation>
    </message>
    <message>
        <source>Este caixa pode não lembrar de todas as devoluções deste pedido.</source>
        <translation>This till may not remember all refunds of this order.</translation>
    </message>
    <message>
        <source>Antes de devolver, confira no painel do BonifiQ o que já voltou.</source>
        <translation>Before you refund, check in BonifiQ&apos;s panel what was given back already.</translation>
    </message>
    <message>
        <source>Não consultado agora: visto em {0}.</source>
        <translation>Not looked up now: seen on {0}.</translation>
    </message>
    <message>
        <source>Será conferido no BonifiQ antes do envio.</source>
        <translation>It will be checked at BonifiQ before it is sent.</translation>
    </message>
</context>
<context>
    <name>ListEditor</name>
    <message>
        <source>Código (se houver)</source>
        <translation>Code (if any)</translation>
    </message>
    <message>
        <source>Lista vazia</source>
        <translation>Empty list</translation>
    </message>
    <message>
        <source>{0}: nome</source>
        <translation>{0}: name</translation>
    </message>
    <message>
        <source>{0}: código</source>
        <translation>{0}: code</translation>
    </message>
    <message>
        <source>código</source>
        <translation>code</translation>
    </message>
    <message>
        <source>Incluir</source>
        <translation>Add</translation>
    </message>
    <message>
        <source>Mudar</source>
        <translation>Change</translation>
    </message>
    <message>
        <source>Tirar</source>
        <translation>Remove</translation>
    </message>
    <message>
        <source>Subir</source>
        <translation>Up</translation>
    </message>
    <message>
        <source>Descer</source>
        <translation>Down</translation>
    </message>
    <message>
        <source>{0} saiu da lista.</source>
        <translation>{0} was removed from the list.</translation>
    </message>
</context>
<context>
    <name>ListsCard</name>
    <message>
        <source>Roupas &gt; Blusas</source>
        <translation>Clothes &gt; Blouses</translation>
    </message>
    <message>
        <source>Formas de pagamento</source>
        <translation>Payment methods</translation>
    </message>
    <message>
        <source>Vendedores</source>
        <translation>Salespeople</translation>
    </message>
    <message>
        <source>Marcas</source>
        <translation>Brands</translation>
    </message>
    <message>
        <source>Categorias</source>
        <translation>Categories</translation>
    </message>
    <message>
        <source>Listas da venda</source>
        <translation>Lists of the sale</translation>
    </message>
    <message>
        <source>Pagamento</source>
        <translation>Payment</translation>
    </message>
    <message>
        <source>Lista</source>
        <translation>List</translation>
    </message>
    <message>
        <source>São as opções que aparecem na venda (F3). A ordem daqui é a ordem de lá.</source>
        <translation>These are the choices of the sale (F3), in this order.</translation>
    </message>
</context>
<context>
    <name>LookChoice</name>
    <message>
        <source>Como o sistema</source>
        <translation>As the system</translation>
    </message>
    <message>
        <source>Claro</source>
        <translation>Light</translation>
    </message>
    <message>
        <source>Escuro</source>
        <translation>Dark</translation>
    </message>
    <message>
        <source>Alto contraste</source>
        <translation>High contrast</translation>
    </message>
    <message>
        <source>Cores</source>
        <translation>Colours</translation>
    </message>
</context>
<context>
    <name>LookupPage</name>
    <message>
        <source>Consultar</source>
        <translation>Look up</translation>
    </message>
    <message>
        <source>Pedido, CPF, telefone, nome, valor, data ou leia o código</source>
        <translation>Order, CPF, phone, name, amount, date, or scan the code</translation>
    </message>
    <message>
        <source>Consultar: pedido, CPF, telefone, nome, valor ou data</source>
        <translation>Look up: order, CPF, phone, name, amount or date</translation>
    </message>
    <message>
        <source>Saldo do cliente</source>
        <translation>Customer balance</translation>
    </message>
</context>
<context>
    <name>LookupResultView</name>
    <message>
        <source>Consultando o BonifiQ…</source>
        <translation>Asking BonifiQ…</translation>
    </message>
    <message>
        <source>Consultando…</source>
        <translation>Looking up…</translation>
    </message>
    <message>
        <source>Uma devolução agora não estorna os pontos: consulte de novo quando o BonifiQ responder.</source>
        <translation>A return now takes no points back: look up again when BonifiQ answers.</translation>
    </message>
    <message>
        <source>Atenção: você procurou {0} e o BonifiQ respondeu com o pedido {1}.</source>
        <translation>Careful: you looked up {0} and BonifiQ answered with order {1}.</translation>
    </message>
    <message>
        <source>Compare com o cupom fiscal antes de qualquer devolução.</source>
        <translation>Compare with the receipt before any refund.</translation>
    </message>
    <message>
        <source>Esperando a resposta dos outros sistemas…</source>
        <translation>Waiting for the other systems…</translation>
    </message>
    <message>
        <source>Este caixa não registrou nada neste pedido: não há comprovante para imprimir.</source>
        <translation>This till registered nothing on this order: there is no slip to print.</translation>
    </message>
    <message>
        <source>O comprovante sai no caixa que fez o registro.</source>
        <translation>The slip is printed at the till that registered it.</translation>
    </message>
    <message>
        <source>Até terminar, não dá para fazer outra devolução nele.</source>
        <translation>Until it is finished, nothing else on this order can be refunded.</translation>
    </message>
    <message>
        <source>Não há mais nada a devolver neste pedido.</source>
        <translation>There is nothing left to refund on this order.</translation>
    </message>
    <message>
        <source>É um número de pedido: consultar</source>
        <translation>It is an order number: look it up</translation>
    </message>
    <message>
        <source>Esta venda está pendente: ainda não deu pontos nem cashback.</source>
        <translation>This sale is pending: it has given no points and no cashback yet.</translation>
    </message>
    <message>
        <source>Digite o CPF, o CNPJ, o telefone ou o e-mail do cliente e aperte F5.</source>
        <translation>Type the customer&apos;s CPF, CNPJ, phone or e-mail and press F5.</translation>
    </message>
    <message>
        <source>Se foi paga, conclua a venda (Ctrl+Enter); se não, cancele o pedido inteiro (F7).</source>
        <translation>If it was paid, complete the sale (Ctrl+Enter); if not, cancel the whole order (F7).</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>TREINAMENTO: nada aqui vale. Pedidos, clientes e pontos são de mentira.</source>
        <translation>TRAINING: nothing here counts. Orders, customers and points are made up.</translation>
    </message>
    <message>
        <source>TREINAMENTO · </source>
        <translation>TRAINING · </translation>
    </message>
</context>
<context>
    <name>MessageCode</name>
    <message>
        <source>Código da mensagem: {0}</source>
        <translation>Code of the message: {0}</translation>
    </message>
    <message>
        <source>F1 explica esta mensagem</source>
        <translation>F1 explains this message</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>Ver o que fazer</source>
        <translation>See what to do</translation>
    </message>
    <message>
        <source>O programa foi fechado de repente da última vez.</source>
        <translation>The program was closed suddenly the last time.</translation>
    </message>
    <message>
        <source>O que já estava registrado continua guardado; o que estava pendente segue sozinho.</source>
        <translation>What was already registered is still kept; what was pending goes on by itself.</translation>
    </message>
    <message>
        <source>Um relatório foi salvo; o suporte pode pedir o arquivo em Ajustes (F9).</source>
        <translation>A report was saved; the support may ask for the file in Settings (F9).</translation>
    </message>
    <message>
        <source>Veja no Histórico (F4).</source>
        <translation>See History (F4).</translation>
    </message>
    <message>
        <source>Acerte a data e a hora do computador; até lá cada venda pergunta antes de ser registrada.</source>
        <translation>Set the computer’s date and time; until then every sale asks before it is registered.</translation>
    </message>
    <message>
        <source>A versão {0} do programa não abriu neste PC; esta é a versão anterior.</source>
        <translation>Version {0} of the program did not open on this PC; this is the version before.</translation>
    </message>
    <message>
        <source>O histórico e os ajustes são os mesmos, e nada se perdeu.</source>
        <translation>The history and the settings are the same, and nothing was lost.</translation>
    </message>
    <message>
        <source>Avise o suporte. Em Ajustes (F9) dá para tentar a versão {0} de novo.</source>
        <translation>Tell support. Settings (F9) can try version {0} again.</translation>
    </message>
    <message>
        <source>O que está sendo digitado não está sendo guardado neste PC.</source>
        <translation>What is being typed is not being kept on this PC.</translation>
    </message>
    <message>
        <source>O que já foi registrado continua guardado.</source>
        <translation>What was registered is still kept.</translation>
    </message>
    <message>
        <source>Termine antes de fechar o programa, e veja se o disco está cheio ou protegido.</source>
        <translation>Finish before you close the program, and see whether the disk is full or protected.</translation>
    </message>
</context>
<context>
    <name>OperationPage</name>
    <message>
        <source>Voltar</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>Fechar</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>Devolução em {0}: na fila para enviar.</source>
        <translation>Return in {0}: queued for sending.</translation>
    </message>
    <message>
        <source>{0} de {1}: na fila para enviar.</source>
        <translation>{0} of {1}: waiting to be sent.</translation>
    </message>
    <message>
        <source>Desfeito: nada foi enviado.</source>
        <translation>Undone: nothing was sent.</translation>
    </message>
</context>
<context>
    <name>OrderCard</name>
    <message>
        <source>Cancelar o pedido inteiro</source>
        <translation>Cancel whole order</translation>
    </message>
    <message>
        <source>Cliente pagou</source>
        <translation>Customer paid</translation>
    </message>
    <message>
        <source>Ainda pode devolver</source>
        <translation>Can still refund</translation>
    </message>
    <message>
        <source>Pedido {0}</source>
        <translation>Order {0}</translation>
    </message>
    <message>
        <source>Valor da venda</source>
        <translation>Value of the sale</translation>
    </message>
    <message>
        <source>Já devolvido por este caixa: {0}</source>
        <translation>Already refunded at this till: {0}</translation>
    </message>
    <message>
        <source>… e mais {0} no Histórico (F4)</source>
        <translation>… and {0} more in History (F4)</translation>
    </message>
    <message>
        <source>Concluir a venda</source>
        <translation>Complete the sale</translation>
    </message>
    <message>
        <source>Itens e registros do pedido</source>
        <translation>Items and records of the order</translation>
    </message>
    <message>
        <source>Devolver</source>
        <translation>Refund</translation>
    </message>
    <message>
        <source>Assumir o pedido</source>
        <translation>Take the order over</translation>
    </message>
    <message>
        <source>{0} ainda podem ser devolvidos.</source>
        <translation>{0} can still be refunded.</translation>
    </message>
    <message>
        <source>Já devolvido na loja: {0}</source>
        <translation>Refunded in the shop so far: {0}</translation>
    </message>
    <message>
        <source>Onde este pedido está</source>
        <translation>Where this order is</translation>
    </message>
    <message>
        <source>Itens</source>
        <translation>Items</translation>
    </message>
    <message>
        <source>Neste caixa</source>
        <translation>At this till</translation>
    </message>
    <message>
        <source>Nos outros caixas</source>
        <translation>At the other tills</translation>
    </message>
    <message>
        <source>O pedido veio sem itens.</source>
        <translation>The order came without items.</translation>
    </message>
</context>
<context>
    <name>OutcomePanel</name>
    <message>
        <source>Copiar</source>
        <translation>Copy</translation>
    </message>
    <message>
        <source>Desfazer ({0} s)</source>
        <translation>Undo ({0} s)</translation>
    </message>
    <message>
        <source>Copiado</source>
        <translation>Copied</translation>
    </message>
    <message>
        <source>Protocolo</source>
        <translation>Reference</translation>
    </message>
</context>
<context>
    <name>OwnerStep</name>
    <message>
        <source>Quem é o responsável?</source>
        <translation>Who is the manager?</translation>
    </message>
    <message>
        <source>Com um responsável, cancelar um pedido inteiro, decidir e mudar ajustes pede o PIN dele. Os caixas podem ser incluídos depois, em Ajustes (F9).</source>
        <translation>With a manager, cancelling a whole order, deciding and changing settings ask for the manager’s PIN. Cashiers can be added later in Settings (F9).</translation>
    </message>
    <message>
        <source>Nome</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>PIN (4 a 8 números)</source>
        <translation>PIN (4 to 8 digits)</translation>
    </message>
    <message>
        <source>PIN outra vez</source>
        <translation>PIN again</translation>
    </message>
    <message>
        <source>Guardar e começar</source>
        <translation>Save and start</translation>
    </message>
    <message>
        <source>Pular</source>
        <translation>Skip</translation>
    </message>
</context>
<context>
    <name>PendingButton</name>
    <message>
        <source>Abre a lista no Histórico</source>
        <translation>Opens the list in the History</translation>
    </message>
    <message numerus="yes">
        <source>%n registro(s) para conferir no BonifiQ</source>
        <translation>
            <numerusform>%n record to check at BonifiQ</numerusform>
            <numerusform>%n records to check at BonifiQ</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n registro(s) esperam decisão</source>
        <translation>
            <numerusform>%n record needs a decision</numerusform>
            <numerusform>%n records need a decision</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n registro(s) de outra loja ou endereço esperam</source>
        <translation>
            <numerusform>%n record of another shop or address waits</numerusform>
            <numerusform>%n records of another shop or address wait</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n registro(s) em andamento</source>
        <translation>
            <numerusform>%n record in progress</numerusform>
            <numerusform>%n records in progress</numerusform>
        </translation>
    </message>
    <message>
        <source>Nada pendente</source>
        <translation>Nothing pending</translation>
    </message>
    <message>
        <source>Histórico fora de uso</source>
        <translation>History out of use</translation>
    </message>
</context>
<context>
    <name>PeriodBar</name>
    <message>
        <source>Hoje</source>
        <translation>Today</translation>
    </message>
    <message>
        <source>7 dias</source>
        <translation>7 days</translation>
    </message>
    <message>
        <source>Mês</source>
        <translation>Month</translation>
    </message>
    <message>
        <source>Ano</source>
        <translation>Year</translation>
    </message>
    <message>
        <source>Período</source>
        <translation>Period</translation>
    </message>
</context>
<context>
    <name>PersonButton</name>
    <message>
        <source>No caixa: {0}</source>
        <translation>At the till: {0}</translation>
    </message>
    <message>
        <source>Sair ou trocar de pessoa</source>
        <translation>Sign out or change person</translation>
    </message>
    <message>
        <source>Aparência e sons</source>
        <translation>Appearance and sounds</translation>
    </message>
</context>
<context>
    <name>PersonPin</name>
    <message>
        <source>Pessoas deste caixa</source>
        <translation>People of this till</translation>
    </message>
    <message>
        <source>O PIN tem de 4 a 8 números.</source>
        <translation>A PIN has 4 to 8 digits.</translation>
    </message>
    <message>
        <source>Digite de novo.</source>
        <translation>Type it again.</translation>
    </message>
    <message>
        <source>PIN de {0}</source>
        <translation>PIN of {0}</translation>
    </message>
    <message>
        <source>Escolha a pessoa: números, setas ou toque</source>
        <translation>Choose the person: digits, arrows or a tap</translation>
    </message>
</context>
<context>
    <name>PersonalDataDialog</name>
    <message>
        <source>Dados de um cliente</source>
        <translation>A customer&apos;s data</translation>
    </message>
    <message>
        <source>Procurar</source>
        <translation>Find</translation>
    </message>
    <message>
        <source>Salvar os dados</source>
        <translation>Save the data</translation>
    </message>
    <message>
        <source>Apagar os dados</source>
        <translation>Erase the data</translation>
    </message>
    <message>
        <source>Fechar</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>Digite o CPF ou CNPJ; o e-mail só acha quem não tem documento no BonifiQ.</source>
        <translation>Type the CPF or CNPJ; an e-mail only finds somebody who has no document at BonifiQ.</translation>
    </message>
    <message>
        <source>O que este caixa guarda de um cliente</source>
        <translation>What this till keeps of a customer</translation>
    </message>
    <message>
        <source>Este caixa não guarda nada deste cliente.</source>
        <translation>This till keeps nothing of this customer.</translation>
    </message>
    <message>
        <source>Pedidos consultados aqui: {0}</source>
        <translation>Orders looked up here: {0}</translation>
    </message>
    <message>
        <source>Registros: {0}, dos quais em andamento: {1}</source>
        <translation>Records: {0}, of which under way: {1}</translation>
    </message>
    <message>
        <source>Cópias do histórico com dados: {0}</source>
        <translation>Copies of the history with data: {0}</translation>
    </message>
    <message>
        <source>Rascunhos com este documento ou e-mail: {0}</source>
        <translation>Drafts with this document or e-mail: {0}</translation>
    </message>
    <message>
        <source>Salvar os dados do cliente</source>
        <translation>Save the customer&apos;s data</translation>
    </message>
    <message>
        <source>Arquivo (*.json)</source>
        <translation>File (*.json)</translation>
    </message>
    <message>
        <source>Dados do cliente salvos no arquivo.</source>
        <translation>The customer&apos;s data were saved to the file.</translation>
    </message>
    <message>
        <source>O arquivo é pessoal: entregue só ao cliente e apague-o depois.</source>
        <translation>The file is personal: give it to the customer only, and delete it afterwards.</translation>
    </message>
    <message>
        <source>Apagar os dados deste cliente neste caixa e nas cópias?</source>
        <translation>Erase this customer&apos;s data at this till and in the copies?</translation>
    </message>
    <message>
        <source>Os registros ficam, só com número, valor e protocolo. No BonifiQ nada muda.</source>
        <translation>The operations stay, with number, value and reference only. Nothing changes at BonifiQ.</translation>
    </message>
    <message>
        <source>Para apagar, aperte o botão outra vez.</source>
        <translation>To erase, press the button once more.</translation>
    </message>
    <message>
        <source>Os dados foram apagados, menos em cópias que não puderam ser abertas.</source>
        <translation>The data were erased, except in copies that could not be opened.</translation>
    </message>
    <message>
        <source>Falta: {0}</source>
        <translation>Missing: {0}</translation>
    </message>
    <message>
        <source>Tente de novo mais tarde ou chame o suporte.</source>
        <translation>Try again later, or call support.</translation>
    </message>
    <message>
        <source>Os dados do cliente foram apagados deste caixa.</source>
        <translation>The customer&apos;s data were erased from this till.</translation>
    </message>
    <message>
        <source>CPF, CNPJ, e-mail ou telefone do cliente</source>
        <translation>The customer&apos;s CPF, CNPJ, e-mail or phone</translation>
    </message>
    <message>
        <source>Procurando nas cópias do histórico…</source>
        <translation>Searching the copies of the history…</translation>
    </message>
    <message>
        <source>Apagando nas cópias do histórico…</source>
        <translation>Erasing in the copies of the history…</translation>
    </message>
</context>
<context>
    <name>PointsEstimate</name>
    <message>
        <source>Pontos desta venda</source>
        <translation>Points of this sale</translation>
    </message>
    <message>
        <source>Uma venda cancelada não dá pontos nem cashback.</source>
        <translation>A cancelled sale gives no points and no cashback.</translation>
    </message>
    <message>
        <source>Este cliente não participa: a venda não dá pontos nem cashback.</source>
        <translation>This customer is not a member: the sale gives no points and no cashback.</translation>
    </message>
    <message>
        <source>O BonifiQ diz quantos pontos ao registrar.</source>
        <translation>BonifiQ says how many points when you register.</translation>
    </message>
    <message>
        <source>Digite o total para ver a estimativa.</source>
        <translation>Type the total to see the estimate.</translation>
    </message>
    <message>
        <source>≈ {0} de cashback</source>
        <translation>≈ {0} cashback</translation>
    </message>
    <message>
        <source>Só depois de concluída. </source>
        <translation>Only once completed. </translation>
    </message>
    <message>
        <source>Estimativa pela última venda. O BonifiQ confirma ao registrar.</source>
        <translation>Estimate from the last sale. BonifiQ confirms it when you register.</translation>
    </message>
</context>
<context>
    <name>PreviewSheet</name>
    <message>
        <source>Papel</source>
        <translation>Paper</translation>
    </message>
    <message>
        <source>Imprimir</source>
        <translation>Print</translation>
    </message>
    <message>
        <source>Salvar PDF</source>
        <translation>Save PDF</translation>
    </message>
    <message>
        <source>Salvar imagem</source>
        <translation>Save picture</translation>
    </message>
    <message>
        <source>Copiar imagem</source>
        <translation>Copy picture</translation>
    </message>
    <message>
        <source>Ajustes › Impressora</source>
        <translation>Settings › Printer</translation>
    </message>
    <message>
        <source>Voltar</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>Sai em {0}, papel {1}</source>
        <translation>Goes to {0}, paper {1}</translation>
    </message>
    <message>
        <source>Um arquivo da loja não foi usado.</source>
        <translation>A file of the shop was not used.</translation>
    </message>
    <message>
        <source>Imagem copiada: cole onde quiser.</source>
        <translation>Picture copied: paste it where you like.</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
    </message>
    <message>
        <source>Imagem (*.png)</source>
        <translation>Picture (*.png)</translation>
    </message>
    <message>
        <source>Salvar o comprovante</source>
        <translation>Save the slip</translation>
    </message>
    <message>
        <source>Comprovante salvo.</source>
        <translation>Slip saved.</translation>
    </message>
</context>
<context>
    <name>PrintNotice</name>
    <message>
        <source>Imprimir de novo</source>
        <translation>Print again</translation>
    </message>
    <message>
        <source>Ver impressões</source>
        <translation>Show prints</translation>
    </message>
    <message>
        <source>Agora não</source>
        <translation>Not now</translation>
    </message>
    <message numerus="yes">
        <source>Mais %n impressão(ões) espera(m) em Ajustes › Impressora.</source>
        <translation>
            <numerusform>%n more print waits in Settings › Printer.</numerusform>
            <numerusform>%n more prints wait in Settings › Printer.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PrinterCard</name>
    <message>
        <source>Impressora de comprovantes</source>
        <translation>Slip printer</translation>
    </message>
    <message>
        <source>Nenhuma</source>
        <translation>None</translation>
    </message>
    <message>
        <source>Impressora deste PC</source>
        <translation>Printer of this PC</translation>
    </message>
    <message>
        <source>Impressora de rede (ESC/POS)</source>
        <translation>Network printer (ESC/POS)</translation>
    </message>
    <message>
        <source>Cortar o papel depois de cada comprovante</source>
        <translation>Cut the paper after each slip</translation>
    </message>
    <message>
        <source>Procurar impressoras</source>
        <translation>Search for printers</translation>
    </message>
    <message>
        <source>Página de teste</source>
        <translation>Test page</translation>
    </message>
    <message>
        <source>Impressora</source>
        <translation>Printer</translation>
    </message>
    <message>
        <source>Papel do driver</source>
        <translation>Driver&apos;s paper</translation>
    </message>
    <message>
        <source>Endereço</source>
        <translation>Address</translation>
    </message>
    <message>
        <source>Porta</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>Imprimir na hora, sem apertar F11</source>
        <translation>Print at once, without F11</translation>
    </message>
    <message>
        <source>Sai quando o resultado é conhecido. Registrar nunca espera pela impressora.</source>
        <translation>Printed when the outcome is known. Registering never waits for the printer.</translation>
    </message>
    <message>
        <source>Papel</source>
        <translation>Paper</translation>
    </message>
    <message>
        <source>Como imprimir</source>
        <translation>How to print</translation>
    </message>
    <message>
        <source>Procurando as impressoras deste PC…</source>
        <translation>Searching for the printers of this PC…</translation>
    </message>
    <message>
        <source>Este PC não tem impressora instalada.</source>
        <translation>No printer is installed on this PC.</translation>
    </message>
    <message>
        <source>Instale o driver dela no sistema, ou use a impressora de rede.</source>
        <translation>Install its driver in the system, or use a network printer.</translation>
    </message>
    <message>
        <source>O driver de uma impressora deste PC não respondeu.</source>
        <translation>The driver of a printer of this PC did not answer.</translation>
    </message>
    <message>
        <source>O caixa continua funcionando.</source>
        <translation>The till goes on working.</translation>
    </message>
    <message>
        <source>Desligue e ligue a impressora, e procure de novo.</source>
        <translation>Switch the printer off and on, and search again.</translation>
    </message>
    <message>
        <source>Escolha…</source>
        <translation>Choose…</translation>
    </message>
    <message>
        <source>{0} (padrão do sistema)</source>
        <translation>{0} (system default)</translation>
    </message>
    <message>
        <source>{0} (não encontrada)</source>
        <translation>{0} (not found)</translation>
    </message>
    <message>
        <source>Rolo, do tamanho do comprovante</source>
        <translation>Roll, as long as the slip</translation>
    </message>
    <message>
        <source>Salve os ajustes antes da página de teste (Ctrl+S).</source>
        <translation>Save the settings before the test page (Ctrl+S).</translation>
    </message>
    <message>
        <source>Página de teste na fila: a lista abaixo diz o que aconteceu.</source>
        <translation>Test page queued: the list below says what happened.</translation>
    </message>
    <message>
        <source>Venda</source>
        <translation>Sale</translation>
    </message>
    <message>
        <source>Devolução</source>
        <translation>Refund</translation>
    </message>
    <message>
        <source>Devolução em vários sistemas</source>
        <translation>Return in several systems</translation>
    </message>
    <message>
        <source>Cancelamento do pedido inteiro</source>
        <translation>Cancellation of the whole order</translation>
    </message>
    <message>
        <source>Benefício usado</source>
        <translation>Reward used</translation>
    </message>
    <message>
        <source>Fechamento do dia</source>
        <translation>Day close</translation>
    </message>
</context>
<context>
    <name>PrivacyCard</name>
    <message>
        <source>Dados de um cliente (LGPD)</source>
        <translation>A customer&apos;s data (LGPD)</translation>
    </message>
    <message>
        <source>Dados pessoais</source>
        <translation>Personal data</translation>
    </message>
    <message>
        <source>Guardar dados de clientes por quantos dias</source>
        <translation>Keep customers&apos; data for how many days</translation>
    </message>
    <message>
        <source>Depois disso o nome e o CPF mascarado somem do histórico e das cópias; os registros ficam.</source>
        <translation>After that, name and masked CPF disappear from the history and its copies; the operations stay.</translation>
    </message>
</context>
<context>
    <name>ProgressRow</name>
    <message>
        <source>Parar</source>
        <translation>Stop</translation>
    </message>
    <message>
        <source>{0} %</source>
        <translation>{0} %</translation>
    </message>
</context>
<context>
    <name>QuestionsPage</name>
    <message>
        <source>Pergunta</source>
        <translation>Question</translation>
    </message>
    <message>
        <source>Abrir</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>Mostrar nomes</source>
        <translation>Show names</translation>
    </message>
    <message>
        <source>Salvar planilha</source>
        <translation>Save spreadsheet</translation>
    </message>
    <message>
        <source>Procurando…</source>
        <translation>Searching…</translation>
    </message>
    <message>
        <source>Nada para mostrar agora.</source>
        <translation>Nothing to show now.</translation>
    </message>
    <message>
        <source>Salvar a resposta</source>
        <translation>Save the answer</translation>
    </message>
    <message>
        <source>resposta-bonifiq</source>
        <translation>bonifiq-answer</translation>
    </message>
    <message>
        <source>CSV, para planilhas (*.csv)</source>
        <translation>CSV, for spreadsheets (*.csv)</translation>
    </message>
    <message>
        <source>Salvando a planilha…</source>
        <translation>Saving the sheet…</translation>
    </message>
    <message numerus="yes">
        <source>Planilha salva com %n linha(s).</source>
        <translation>
            <numerusform>Spreadsheet saved with %n line.</numerusform>
            <numerusform>Spreadsheet saved with %n lines.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ReasonChoice</name>
    <message>
        <source>Motivo</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>Devolveu</source>
        <translation>Returned</translation>
    </message>
    <message>
        <source>Cliente devolveu o produto</source>
        <translation>Customer returned the product</translation>
    </message>
    <message>
        <source>Defeito</source>
        <translation>Faulty</translation>
    </message>
    <message>
        <source>Produto com defeito</source>
        <translation>Faulty product</translation>
    </message>
    <message>
        <source>Troca</source>
        <translation>Exchange</translation>
    </message>
    <message>
        <source>Erro</source>
        <translation>Mistake</translation>
    </message>
    <message>
        <source>Erro no registro da venda</source>
        <translation>Sale was registered wrongly</translation>
    </message>
    <message>
        <source>Outro…</source>
        <translation>Other…</translation>
    </message>
    <message>
        <source>Arrependimento</source>
        <translation>Regret</translation>
    </message>
    <message>
        <source>Tamanho</source>
        <translation>Size</translation>
    </message>
    <message>
        <source>Produto errado</source>
        <translation>Wrong item</translation>
    </message>
    <message>
        <source>Sem estoque</source>
        <translation>Out of stock</translation>
    </message>
    <message>
        <source>Motivo com suas palavras</source>
        <translation>Reason in your own words</translation>
    </message>
    <message>
        <source>Escreva o motivo</source>
        <translation>Write the reason</translation>
    </message>
</context>
<context>
    <name>ReasonMap</name>
    <message>
        <source>Antes do envio: cancelar</source>
        <translation>Before the shipment: cancel</translation>
    </message>
    <message>
        <source>Depois do envio: reembolsar</source>
        <translation>After the shipment: refund</translation>
    </message>
    <message>
        <source>— escolha —</source>
        <translation>— choose —</translation>
    </message>
    <message>
        <source>— busque os motivos —</source>
        <translation>— fetch the reasons —</translation>
    </message>
    <message>
        <source>Arrependimento</source>
        <translation>Regret</translation>
    </message>
    <message>
        <source>Defeito</source>
        <translation>Faulty</translation>
    </message>
    <message>
        <source>Tamanho</source>
        <translation>Size</translation>
    </message>
    <message>
        <source>Produto errado</source>
        <translation>Wrong item</translation>
    </message>
    <message>
        <source>Sem estoque</source>
        <translation>Out of stock</translation>
    </message>
    <message>
        <source>Outro</source>
        <translation>Other</translation>
    </message>
</context>
<context>
    <name>RecordCard</name>
    <message>
        <source>Código, para ler em voz alta</source>
        <translation>Code, to read out</translation>
    </message>
    <message>
        <source>Os números abaixo são os do fechamento e não mudam mais.</source>
        <translation>The figures below are those of the close and never change.</translation>
    </message>
    <message>
        <source>Fechado com {0}. Motivo: {1}</source>
        <translation>Closed with {0}. Reason: {1}</translation>
    </message>
</context>
<context>
    <name>RecoveryPage</name>
    <message>
        <source>O que foi feito neste caixa depois da cópia pode faltar nela. O que estava pendente só é enviado depois de conferido. O arquivo de agora fica guardado ao lado.</source>
        <translation>What was done at this till after the copy may be missing in it. What was pending is sent only once it was checked. The file that is there now is kept beside it.</translation>
    </message>
    <message>
        <source>Quem decide</source>
        <translation>Who decides</translation>
    </message>
    <message>
        <source>Usar o escolhido</source>
        <translation>Use the chosen one</translation>
    </message>
    <message>
        <source>Tentar de novo</source>
        <translation>Try again</translation>
    </message>
    <message>
        <source>Esqueci o PIN</source>
        <translation>I forgot the PIN</translation>
    </message>
    <message>
        <source>O que usar daqui em diante?</source>
        <translation>What to use from now on?</translation>
    </message>
    <message>
        <source>O histórico precisa de ajuda</source>
        <translation>The history needs help</translation>
    </message>
    <message>
        <source>Procurando as cópias do histórico…</source>
        <translation>Looking for copies of the history…</translation>
    </message>
    <message>
        <source>O arquivo que está aqui, mesmo sendo mais antigo</source>
        <translation>The file that is here, although it is older</translation>
    </message>
    <message numerus="yes">
        <source>A cópia de {0}, com %n registro(s)</source>
        <translation>
            <numerusform>The copy of {0}, with %n record</numerusform>
            <numerusform>The copy of {0}, with %n records</numerusform>
        </translation>
    </message>
    <message>
        <source>Numa cópia, as vendas ganham outros números, e o que estava pendente só é enviado depois de conferido: o outro computador também pode enviar. O arquivo de agora fica guardado ao lado.</source>
        <translation>In a copy, sales get other numbers, and what was pending is sent only after it was checked: the other computer may send it, too. The present file is kept beside it.</translation>
    </message>
    <message>
        <source>O caixa mudou para este computador: o outro não vai mais ser usado</source>
        <translation>The till moved to this computer: the other one will not be used any more</translation>
    </message>
    <message>
        <source>Isto é uma cópia: o outro computador continua em uso</source>
        <translation>This is a copy: the other computer stays in use</translation>
    </message>
    <message>
        <source>Uma cópia vazia, de {0}</source>
        <translation>An empty copy, of {0}</translation>
    </message>
    <message>
        <source>A melhor cópia: a que tem mais registros, e a mais nova delas.</source>
        <translation>The best copy: the one with the most records, and the newest of them.</translation>
    </message>
    <message>
        <source>Não tem nenhum registro: só se nenhuma outra servir.</source>
        <translation>It has no record at all: only if no other one serves.</translation>
    </message>
    <message>
        <source>Um histórico novo, vazio</source>
        <translation>A new, empty history</translation>
    </message>
    <message>
        <source>Só se nenhuma cópia servir: o caixa esquece todas as vendas e devoluções que já registrou.</source>
        <translation>Only if no copy serves: the till forgets every sale and refund that it ever registered.</translation>
    </message>
    <message>
        <source>Conferindo e copiando o histórico…</source>
        <translation>Checking and copying the history…</translation>
    </message>
</context>
<context>
    <name>RefundItems</name>
    <message>
        <source>Itens do pedido</source>
        <translation>Items of the order</translation>
    </message>
    <message>
        <source>Pago</source>
        <translation>Paid</translation>
    </message>
    <message>
        <source>Devolver</source>
        <translation>Refund</translation>
    </message>
    <message>
        <source>resta {0}</source>
        <translation>{0} remaining</translation>
    </message>
    <message>
        <source>desconto</source>
        <translation>discount</translation>
    </message>
    <message>
        <source>devolvida {0}</source>
        <translation>returned {0}</translation>
    </message>
    <message>
        <source>Produto</source>
        <translation>Product</translation>
    </message>
    <message>
        <source>sem preço</source>
        <translation>no price</translation>
    </message>
    <message>
        <source>{0} de {1} × {2}</source>
        <translation>{0} of {1} × {2}</translation>
    </message>
    <message>
        <source>pago {0}</source>
        <translation>paid {0}</translation>
    </message>
    <message>
        <source>não marcado</source>
        <translation>not ticked</translation>
    </message>
    <message>
        <source>marcado, {0} de {1}</source>
        <translation>ticked, {0} of {1}</translation>
    </message>
    <message>
        <source>marcado</source>
        <translation>ticked</translation>
    </message>
    <message>
        <source>{0} · {1}</source>
        <translation>{0} · {1}</translation>
    </message>
    <message>
        <source>{0} a devolver</source>
        <translation>{0} to refund</translation>
    </message>
</context>
<context>
    <name>RefundPage</name>
    <message>
        <source>Devolver  ·  pedido {0}</source>
        <translation>Refund  ·  order {0}</translation>
    </message>
    <message>
        <source>Valor a devolver</source>
        <translation>Value to refund</translation>
    </message>
    <message>
        <source>Tudo</source>
        <translation>All</translation>
    </message>
    <message>
        <source>Digitar valor</source>
        <translation>Type a value</translation>
    </message>
    <message>
        <source>Você procurou {0}; este é o pedido {1}.</source>
        <translation>You looked up {0}; this is order {1}.</translation>
    </message>
    <message>
        <source>Compare com o cupom fiscal antes de devolver.</source>
        <translation>Compare with the receipt before you refund.</translation>
    </message>
    <message>
        <source>Espaço marca  ·  dígitos mudam o valor</source>
        <translation>Space ticks  ·  digits change the value</translation>
    </message>
    <message>
        <source>Sem resposta de {0}.</source>
        <translation>No answer from {0}.</translation>
    </message>
    <message>
        <source>Se a compra foi feita lá, o dinheiro não volta por esta devolução.</source>
        <translation>If the purchase was made there, this return gives no money back.</translation>
    </message>
    <message>
        <source>Os pontos ficam para depois: consulte o pedido de novo quando o BonifiQ responder.</source>
        <translation>The points are left for later: look the order up again when BonifiQ answers.</translation>
    </message>
    <message>
        <source>O BonifiQ não respondeu.</source>
        <translation>BonifiQ did not answer.</translation>
    </message>
    <message>
        <source>Deste item dá para devolver no máximo {0}.</source>
        <translation>At most {0} can be refunded for this item.</translation>
    </message>
    <message>
        <source>Para outro valor, digite em “Valor a devolver” e diga o motivo.</source>
        <translation>For another value, type it in “Value to refund” and give the reason.</translation>
    </message>
    <message>
        <source>Cancelar tudo ({0})</source>
        <translation>Cancel whole order ({0})</translation>
    </message>
    <message>
        <source>Devolver {0}</source>
        <translation>Refund {0}</translation>
    </message>
    <message>
        <source>Devolver</source>
        <translation>Refund</translation>
    </message>
    <message>
        <source>{0} passa do que ainda pode ser devolvido.</source>
        <translation>{0} is more than can still be refunded.</translation>
    </message>
    <message>
        <source>Devolva no máximo {0}.</source>
        <translation>Refund {0} at most.</translation>
    </message>
    <message>
        <source>Marque os itens que voltaram. Ainda pode devolver {0}.</source>
        <translation>Tick the returned items. {0} can still be refunded.</translation>
    </message>
    <message>
        <source>O valor foi digitado à mão: escreva o motivo.</source>
        <translation>The value was typed by hand: write the reason.</translation>
    </message>
    <message>
        <source>É tudo o que resta: o pedido {0} será cancelado inteiro.</source>
        <translation>This is all that is left: the whole of order {0} will be cancelled.</translation>
    </message>
    <message>
        <source>Ficam no pedido {0}</source>
        <translation>{0} stay in the order</translation>
    </message>
    <message>
        <source>Esta devolução estava começada e ainda não foi registrada.</source>
        <translation>This refund was begun and is not registered yet.</translation>
    </message>
    <message>
        <source>Confira o valor antes de confirmar.</source>
        <translation>Check the value before you confirm.</translation>
    </message>
    <message>
        <source>Não pague na gaveta: {0} já cancelaram ou devolveram este pedido.</source>
        <translation>Do not pay from the drawer: {0} have already cancelled or refunded this order.</translation>
    </message>
    <message>
        <source>Não pague na gaveta: {0} já cancelou ou devolveu este pedido.</source>
        <translation>Do not pay from the drawer: {0} has already cancelled or refunded this order.</translation>
    </message>
</context>
<context>
    <name>RefundSummary</name>
    <message>
        <source>A devolver</source>
        <translation>To refund</translation>
    </message>
    <message>
        <source>Cliente fora do programa: não há pontos a estornar.</source>
        <translation>Customer is not in the programme: there are no points to take back.</translation>
    </message>
    <message>
        <source>Venda pendente: ainda não deu pontos nem cashback.</source>
        <translation>Pending sale: it gave no points or cashback yet.</translation>
    </message>
    <message>
        <source>Pontos e cashback: o BonifiQ calcula.</source>
        <translation>Points and cashback: BonifiQ calculates them.</translation>
    </message>
    <message>
        <source>−{0} de cashback</source>
        <translation>−{0} cashback</translation>
    </message>
    <message>
        <source>≈ nenhum ponto ou cashback (estimativa)</source>
        <translation>≈ no points or cashback (estimate)</translation>
    </message>
    <message>
        <source>≈ {0} (estimativa)</source>
        <translation>≈ {0} (estimate)</translation>
    </message>
    <message>
        <source>O dinheiro volta na gaveta, não por aqui.</source>
        <translation>The money goes back from the drawer, not through this program.</translation>
    </message>
    <message>
        <source>O dinheiro volta na maquininha, não por aqui.</source>
        <translation>The money goes back at the card machine, not through this program.</translation>
    </message>
    <message>
        <source>O dinheiro volta na maquininha ou na gaveta, não por aqui.</source>
        <translation>The money goes back at the card machine or from the drawer, not through this program.</translation>
    </message>
    <message>
        <source>Saldo agora: {0}</source>
        <translation>Balance now: {0}</translation>
    </message>
</context>
<context>
    <name>ReturnOptions</name>
    <message>
        <source>Devolver o frete também</source>
        <translation>Give the freight back too</translation>
    </message>
    <message>
        <source>Nota de devolução (se houver)</source>
        <translation>Refund invoice (if there is one)</translation>
    </message>
    <message>
        <source>IBAN da conta do cliente</source>
        <translation>IBAN of the customer&apos;s account</translation>
    </message>
    <message>
        <source>Titular da conta</source>
        <translation>Account holder</translation>
    </message>
    <message>
        <source>IBAN, se a compra foi paga por transferência</source>
        <translation>IBAN, if the purchase was paid by transfer</translation>
    </message>
</context>
<context>
    <name>ReviewPage</name>
    <message>
        <source>O que este caixa registrou</source>
        <translation>What this till registered</translation>
    </message>
    <message>
        <source>O que o BonifiQ diz agora</source>
        <translation>What BonifiQ says now</translation>
    </message>
    <message>
        <source>não guardado</source>
        <translation>not stored</translation>
    </message>
    <message>
        <source>{0} · diferente</source>
        <translation>{0} · different</translation>
    </message>
    <message>
        <source>Situação do pedido</source>
        <translation>Status of the order</translation>
    </message>
    <message>
        <source>Total do pedido</source>
        <translation>Total of the order</translation>
    </message>
    <message>
        <source>Cliente</source>
        <translation>Customer</translation>
    </message>
    <message>
        <source>CPF ou CNPJ</source>
        <translation>CPF or CNPJ</translation>
    </message>
    <message>
        <source>Data do pedido</source>
        <translation>Date of the order</translation>
    </message>
    <message>
        <source>Recomendada: {0}.</source>
        <translation>Recommended: {0}.</translation>
    </message>
    <message>
        <source>Decidir: {0} de {1} no pedido {2}</source>
        <translation>Decide: {0} of {1} in order {2}</translation>
    </message>
    <message>
        <source>Consultar de novo</source>
        <translation>Look up again</translation>
    </message>
    <message>
        <source>Gravar a decisão</source>
        <translation>Record the decision</translation>
    </message>
    <message>
        <source>O que este caixa fez e viu</source>
        <translation>What this till did and saw</translation>
    </message>
    <message>
        <source>O que aconteceu?</source>
        <translation>What happened?</translation>
    </message>
    <message>
        <source>Quem decide</source>
        <translation>Who decides</translation>
    </message>
    <message>
        <source>Por quê</source>
        <translation>Why</translation>
    </message>
    <message>
        <source>Um pedido não mostra se um benefício foi usado: veja o saldo do cliente no painel do BonifiQ.</source>
        <translation>An order does not show whether a reward was redeemed: see the customer&apos;s balance in BonifiQ&apos;s panel.</translation>
    </message>
    <message>
        <source>Consultando o BonifiQ…</source>
        <translation>Asking BonifiQ…</translation>
    </message>
    <message>
        <source>O BonifiQ não tem este pedido.</source>
        <translation>BonifiQ does not have this order.</translation>
    </message>
    <message>
        <source>O BonifiQ pode não mostrar devoluções parciais no total.</source>
        <translation>BonifiQ may not show partial refunds in the total.</translation>
    </message>
    <message>
        <source>Consultado às {0}. {1}</source>
        <translation>Looked up at {0}. {1}</translation>
    </message>
    <message>
        <source>Até {0} uma cópia do envio ainda pode chegar ao BonifiQ: o que está em cinza só pode ser decidido depois.</source>
        <translation>Until {0} a copy of the request may still reach BonifiQ: what is grey can be decided only after that.</translation>
    </message>
    <message>
        <source>Decidir: uso do {0}</source>
        <translation>Decide: use of the {0}</translation>
    </message>
    <message>
        <source>Decidir: desfazer o {0}</source>
        <translation>Decide: undo the {0}</translation>
    </message>
    <message>
        <source>Estornar os pontos</source>
        <translation>Take the points back</translation>
    </message>
    <message>
        <source>Manter os pontos</source>
        <translation>Keep the points</translation>
    </message>
    <message>
        <source>Enviar outra vez</source>
        <translation>Send again</translation>
    </message>
    <message>
        <source>Já foi feita: vista no portal</source>
        <translation>It was done: seen in the portal</translation>
    </message>
    <message>
        <source>Enviar assim mesmo</source>
        <translation>Send it all the same</translation>
    </message>
    <message>
        <source>Tentar de novo</source>
        <translation>Try again</translation>
    </message>
    <message>
        <source>Já foi feita</source>
        <translation>It was done</translation>
    </message>
    <message>
        <source>Não foi feita, e não será</source>
        <translation>Not done, nor will it be</translation>
    </message>
    <message>
        <source>É outra devolução</source>
        <translation>It is another refund</translation>
    </message>
    <message>
        <source>Envia o estorno ao BonifiQ, embora o dinheiro não tenha saído pelo outro.</source>
        <translation>Sends the reversal to BonifiQ, although the other system gave no money back.</translation>
    </message>
    <message>
        <source>Fecha sem enviar nada: o cliente fica com os pontos.</source>
        <translation>Closes without sending anything: the customer keeps the points.</translation>
    </message>
    <message>
        <source>Fecha como feita: o BonifiQ já tem esta operação. Nada é enviado.</source>
        <translation>Closes it as done: BonifiQ already has this operation. Nothing is sent.</translation>
    </message>
    <message>
        <source>Fecha sem enviar nada, e o pedido fica livre.</source>
        <translation>Closes it and sends nothing; the order is free again.</translation>
    </message>
    <message>
        <source>Envia com um protocolo novo, além da devolução que o BonifiQ já tem.</source>
        <translation>Sends it with a new reference, beside the refund that BonifiQ already has.</translation>
    </message>
    <message>
        <source>Envia com um protocolo novo, além do que o outro caixa devolveu.</source>
        <translation>Sends it with a new reference, beside what the other till refunded.</translation>
    </message>
    <message>
        <source>Envia com um protocolo novo. Risco: se uma tentativa anterior valeu, os pontos são estornados duas vezes.</source>
        <translation>Sends it with a new reference. Risk: if an earlier attempt counted, the points are taken back twice.</translation>
    </message>
    <message>
        <source>Lê os registros de {0} e, sem rastro lá, envia o mesmo pedido outra vez. Risco: se o primeiro ainda chegar, o dinheiro sai duas vezes.</source>
        <translation>Reads the records of {0} and, without a trace there, sends the same request again. Risk: if the first one still arrives, the money goes out twice.</translation>
    </message>
    <message>
        <source>Fecha como feita: {0} já tem esta devolução. Nada é enviado.</source>
        <translation>Closes as done: {0} already has this return. Nothing is sent.</translation>
    </message>
    <message>
        <source>Fecha sem enviar nada a {0}, e o pedido fica livre.</source>
        <translation>Closes without sending anything to {0}, and the order is free again.</translation>
    </message>
    <message>
        <source>Envia a {0} além da devolução que já está lá.</source>
        <translation>Sends to {0} beside the return that is there already.</translation>
    </message>
    <message>
        <source>Confere de novo no BonifiQ e, se não estiver lá, envia outra vez.</source>
        <translation>Checks in BonifiQ again and, if it is not there, sends it again.</translation>
    </message>
    <message>
        <source>Confere de novo no BonifiQ e só envia se o número estiver livre.</source>
        <translation>Checks in BonifiQ again and sends it only if the number is free.</translation>
    </message>
    <message>
        <source>Confere de novo no BonifiQ e só envia se ainda estiver pendente.</source>
        <translation>Checks in BonifiQ again and sends it only if it is still pending.</translation>
    </message>
    <message>
        <source>Confere de novo no BonifiQ e, se não estiver concluída, envia outra vez.</source>
        <translation>Checks in BonifiQ again and, if it is not completed, sends it again.</translation>
    </message>
    <message>
        <source>Envia com o protocolo deste registro.</source>
        <translation>Sends it with this record&apos;s reference.</translation>
    </message>
    <message>
        <source>Envia com o mesmo protocolo: o BonifiQ não devolve duas vezes.</source>
        <translation>Sends it with the same reference: BonifiQ does not refund twice.</translation>
    </message>
    <message>
        <source>Confere de novo e só envia se ainda couber no pedido.</source>
        <translation>Checks again and sends only if it still fits the order.</translation>
    </message>
    <message>
        <source>Confere de novo e, sem rastro lá, envia outra vez.</source>
        <translation>Checks again and, without a trace there, sends once more.</translation>
    </message>
    <message>
        <source>Só envia se o pedido ainda não estiver cancelado.</source>
        <translation>Sends it only if the order is not cancelled yet.</translation>
    </message>
    <message>
        <source>este número já é de outro pedido no BonifiQ</source>
        <translation>this number already belongs to another order in BonifiQ</translation>
    </message>
    <message>
        <source>o BonifiQ não tem este pedido</source>
        <translation>BonifiQ does not have this order</translation>
    </message>
    <message>
        <source>repetir com o mesmo protocolo é seguro</source>
        <translation>repeating it with the same reference is safe</translation>
    </message>
    <message>
        <source>o pedido mudou, mas este valor ainda cabe nele</source>
        <translation>the order changed, but this value still fits it</translation>
    </message>
    <message>
        <source>este valor não cabe mais no pedido</source>
        <translation>this value no longer fits the order</translation>
    </message>
    <message>
        <source>o pedido inteiro já está cancelado</source>
        <translation>the whole order is already cancelled</translation>
    </message>
    <message>
        <source>o protocolo já foi usado, e quase sempre por esta devolução</source>
        <translation>the reference was used already, nearly always by this refund</translation>
    </message>
    <message>
        <source>o cliente já pagou, e o BonifiQ ainda não tem a venda</source>
        <translation>the customer has paid already, and BonifiQ does not have the sale yet</translation>
    </message>
    <message>
        <source>Só com isto não dá para recomendar: confira no painel do BonifiQ antes de decidir.</source>
        <translation>This is not enough for a recommendation: check in BonifiQ&apos;s panel before you decide.</translation>
    </message>
    <message>
        <source>o pedido está no BonifiQ, com este valor</source>
        <translation>the order is in BonifiQ, with this value</translation>
    </message>
    <message>
        <source>o pedido não está no BonifiQ, então enviar não duplica</source>
        <translation>the order is not in BonifiQ, so sending it makes no duplicate</translation>
    </message>
    <message>
        <source>a venda aparece concluída no BonifiQ</source>
        <translation>the sale shows as completed in BonifiQ</translation>
    </message>
    <message>
        <source>a venda ainda aparece pendente no BonifiQ</source>
        <translation>the sale still shows as pending in BonifiQ</translation>
    </message>
    <message>
        <source>o pedido aparece cancelado no BonifiQ</source>
        <translation>the order shows as cancelled in BonifiQ</translation>
    </message>
    <message>
        <source>o pedido não aparece cancelado no BonifiQ</source>
        <translation>the order does not show as cancelled in BonifiQ</translation>
    </message>
    <message>
        <source>os registros de lá mostram esta devolução</source>
        <translation>the records there show this return</translation>
    </message>
    <message>
        <source>os registros de lá não mostram esta devolução</source>
        <translation>the records there do not show this return</translation>
    </message>
    <message>
        <source>o total do pedido baixou justamente deste valor</source>
        <translation>the total of the order fell by exactly this value</translation>
    </message>
    <message>
        <source>Seu nome</source>
        <translation>Your name</translation>
    </message>
    <message>
        <source>Por exemplo: conferi no painel</source>
        <translation>For example: checked in the panel</translation>
    </message>
    <message>
        <source>Falta escolher o que aconteceu.</source>
        <translation>Choose what happened.</translation>
    </message>
    <message>
        <source>Falta dizer quem decide.</source>
        <translation>Say who decides.</translation>
    </message>
    <message>
        <source>Falta dizer por quê.</source>
        <translation>Say why.</translation>
    </message>
    <message>
        <source>Enviar sem o benefício</source>
        <translation>Send without the reward</translation>
    </message>
    <message>
        <source>Confere o número no BonifiQ e envia a venda pelo valor que o cliente pagou; a loja dá o desconto.</source>
        <translation>Checks the number at BonifiQ and sends the sale at the value that the customer paid; the shop bears the discount.</translation>
    </message>
    <message>
        <source>A venda não aconteceu</source>
        <translation>The sale did not happen</translation>
    </message>
    <message>
        <source>Fecha sem enviar nada: o cliente não ganha os pontos desta venda.</source>
        <translation>Closes without sending anything: the customer earns no points for this sale.</translation>
    </message>
    <message>
        <source>Envia com o mesmo protocolo: o BonifiQ não usa o benefício duas vezes.</source>
        <translation>Sends with the same reference: BonifiQ does not redeem the reward twice.</translation>
    </message>
    <message>
        <source>Foi usado</source>
        <translation>It was redeemed</translation>
    </message>
    <message>
        <source>Fecha como usado. Sem o código do BonifiQ ele não entra na venda; só dá para desfazê-lo.</source>
        <translation>Closes as redeemed. Without BonifiQ&apos;s code it cannot go into the sale; it can only be undone.</translation>
    </message>
    <message>
        <source>Não foi usado, e não será</source>
        <translation>It was not redeemed, and will not be</translation>
    </message>
    <message>
        <source>Fecha sem enviar nada. Se uma venda espera por ele, ela precisa de outra decisão.</source>
        <translation>Closes without sending anything. If a sale waits for it, that sale needs a decision of its own.</translation>
    </message>
    <message>
        <source>Pede de novo ao BonifiQ que desfaça este benefício, e nenhum outro.</source>
        <translation>Asks BonifiQ again to undo this reward, and no other.</translation>
    </message>
    <message>
        <source>Já foi desfeito</source>
        <translation>It was undone already</translation>
    </message>
    <message>
        <source>Fecha como desfeito: o painel do BonifiQ mostra isso. Nada é enviado.</source>
        <translation>Closes as undone: BonifiQ&apos;s panel shows that. Nothing is sent.</translation>
    </message>
    <message>
        <source>Não foi desfeito</source>
        <translation>It was not undone</translation>
    </message>
    <message>
        <source>Fecha sem enviar nada: ele continua usado, e aparece em Consultar (F2).</source>
        <translation>Closes without sending anything: it stays redeemed, and is listed in Look up (F2).</translation>
    </message>
    <message>
        <source>o protocolo já foi usado, e só este benefício o tem</source>
        <translation>the reference was used already, and only this reward has it</translation>
    </message>
    <message>
        <source>pedir de novo é seguro: só este benefício é desfeito</source>
        <translation>asking again is safe: only this reward is undone</translation>
    </message>
    <message>
        <source>Confira o saldo do cliente no painel do BonifiQ antes de decidir.</source>
        <translation>Check the customer&apos;s balance in BonifiQ&apos;s panel before deciding.</translation>
    </message>
</context>
<context>
    <name>RewardRow</name>
    <message>
        <source>Usar benefício</source>
        <translation>Use reward</translation>
    </message>
    <message>
        <source>Ver benefícios</source>
        <translation>See rewards</translation>
    </message>
    <message>
        <source>Tentar de novo</source>
        <translation>Try again</translation>
    </message>
    <message>
        <source>Cliente paga {0}</source>
        <translation>Customer pays {0}</translation>
    </message>
    <message>
        <source>Para mudar a compra, desfaça antes.</source>
        <translation>To change the purchase, undo it first.</translation>
    </message>
    <message>
        <source>Desfazer</source>
        <translation>Undo</translation>
    </message>
</context>
<context>
    <name>RewardSheet</name>
    <message>
        <source>Benefícios do cliente</source>
        <translation>Customer&apos;s rewards</translation>
    </message>
    <message>
        <source>Voltar</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>Não podem ser usados nesta venda</source>
        <translation>Cannot be used in this sale</translation>
    </message>
    <message>
        <source>O cupom {0} fica anotado na venda: no lugar dele vai o código do benefício.</source>
        <translation>The coupon {0} stays as a note on the sale: the reward&apos;s code takes its place.</translation>
    </message>
    <message>
        <source>Preço de um {0} nesta loja</source>
        <translation>Price of one {0} in this shop</translation>
    </message>
    <message>
        <source>Quanto usar</source>
        <translation>Amount to use</translation>
    </message>
    <message>
        <source>No máximo {0} nesta compra.</source>
        <translation>At most {0} in this purchase.</translation>
    </message>
    <message>
        <source>Usar benefício</source>
        <translation>Use reward</translation>
    </message>
    <message>
        <source>Cliente paga {0}</source>
        <translation>Customer pays {0}</translation>
    </message>
    <message>
        <source>Usar {0}</source>
        <translation>Use {0}</translation>
    </message>
    <message>
        <source>{0} de cashback</source>
        <translation>{0} of cashback</translation>
    </message>
</context>
<context>
    <name>SaleCustomer</name>
    <message>
        <source>CPF, CNPJ, telefone, e-mail ou nome</source>
        <translation>CPF, CNPJ, phone, e-mail or name</translation>
    </message>
    <message>
        <source>Cliente: {0}</source>
        <translation>Customer: {0}</translation>
    </message>
    <message>
        <source>É um telefone</source>
        <translation>It is a phone</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>E-mail</translation>
    </message>
    <message>
        <source>Telefone com DDD</source>
        <translation>Phone with area code</translation>
    </message>
    <message>
        <source>Cliente aceita participar (juntar pontos)</source>
        <translation>Customer agrees to take part (collect points)</translation>
    </message>
    <message>
        <source>Telefone</source>
        <translation>Phone</translation>
    </message>
    <message>
        <source>Cliente novo neste caixa.</source>
        <translation>New customer at this till.</translation>
    </message>
    <message>
        <source>Já está no BonifiQ: {0}</source>
        <translation>Already in BonifiQ: {0}</translation>
    </message>
    <message>
        <source>Cliente novo neste caixa: falta o nome.</source>
        <translation>New customer at this till: the name is missing.</translation>
    </message>
</context>
<context>
    <name>SaleDetails</name>
    <message>
        <source>Número do pedido</source>
        <translation>Order number</translation>
    </message>
    <message>
        <source>automático</source>
        <translation>automatic</translation>
    </message>
    <message>
        <source>Situação da venda</source>
        <translation>Status of the sale</translation>
    </message>
    <message>
        <source>Concluída</source>
        <translation>Completed</translation>
    </message>
    <message>
        <source>Pendente</source>
        <translation>Pending</translation>
    </message>
    <message>
        <source>Cancelada</source>
        <translation>Cancelled</translation>
    </message>
    <message>
        <source>Data e hora da venda</source>
        <translation>Date and time of the sale</translation>
    </message>
    <message>
        <source>agora (ou 19/11 14:30)</source>
        <translation>now (or 19/11 14:30)</translation>
    </message>
    <message>
        <source>a mesma da venda</source>
        <translation>that of the sale</translation>
    </message>
    <message>
        <source>dia/mês/ano</source>
        <translation>day/month/year</translation>
    </message>
    <message>
        <source>Código do vendedor</source>
        <translation>Salesperson&apos;s code</translation>
    </message>
    <message>
        <source>Cupom de desconto</source>
        <translation>Discount coupon</translation>
    </message>
    <message>
        <source>Observação</source>
        <translation>Note</translation>
    </message>
    <message>
        <source>Situação</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Data da venda</source>
        <translation>Date of the sale</translation>
    </message>
    <message>
        <source>Mais detalhes</source>
        <translation>More details</translation>
    </message>
    <message>
        <source>Menos detalhes</source>
        <translation>Fewer details</translation>
    </message>
    <message>
        <source>Cancelada em</source>
        <translation>Cancelled on</translation>
    </message>
    <message>
        <source>Concluída em</source>
        <translation>Completed on</translation>
    </message>
    <message>
        <source>Ontem</source>
        <translation>Yesterday</translation>
    </message>
    <message>
        <source>Vendedor</source>
        <translation>Sales person</translation>
    </message>
    <message>
        <source>Desconto nos itens</source>
        <translation>Discount on the items</translation>
    </message>
    <message>
        <source>Itens</source>
        <translation>Items</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>E-mail</translation>
    </message>
    <message>
        <source>Telefone</source>
        <translation>Phone</translation>
    </message>
    <message>
        <source>Nascimento</source>
        <translation>Birthday</translation>
    </message>
    <message>
        <source>Cliente</source>
        <translation>Customer</translation>
    </message>
    <message>
        <source>Venda</source>
        <translation>Sale</translation>
    </message>
    <message>
        <source>Informações extras</source>
        <translation>Extra information</translation>
    </message>
    <message>
        <source>Vendedor: {0}</source>
        <translation>Sales person: {0}</translation>
    </message>
</context>
<context>
    <name>SaleForm</name>
    <message>
        <source>Cliente</source>
        <translation>Customer</translation>
    </message>
    <message>
        <source>Total pago, sem frete</source>
        <translation>Total paid, without shipping</translation>
    </message>
    <message>
        <source>Pagamento</source>
        <translation>Payment</translation>
    </message>
    <message>
        <source>Total pago</source>
        <translation>Total paid</translation>
    </message>
    <message>
        <source>já com desconto, sem frete</source>
        <translation>after discounts, without shipping</translation>
    </message>
    <message>
        <source>itens {0} − desconto {1}, sem frete</source>
        <translation>items {0} − discount {1}, without shipping</translation>
    </message>
    <message>
        <source>Total da compra</source>
        <translation>Total of the purchase</translation>
    </message>
    <message>
        <source>antes do benefício, sem frete</source>
        <translation>before the reward, without shipping</translation>
    </message>
</context>
<context>
    <name>SaleItems</name>
    <message>
        <source>Incluir</source>
        <translation>Add</translation>
    </message>
    <message>
        <source>Item (Del retira)</source>
        <translation>Item (Del removes)</translation>
    </message>
    <message>
        <source>Valor</source>
        <translation>Value</translation>
    </message>
    <message>
        <source>Código do item</source>
        <translation>Code of the item</translation>
    </message>
    <message>
        <source>Código</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Nome do item</source>
        <translation>Name of the item</translation>
    </message>
    <message>
        <source>Quantidade</source>
        <translation>Quantity</translation>
    </message>
    <message>
        <source>Valor de um</source>
        <translation>Price of one</translation>
    </message>
    <message>
        <source>Marca</source>
        <translation>Brand</translation>
    </message>
    <message>
        <source>Categoria</source>
        <translation>Category</translation>
    </message>
    <message>
        <source>Itens da venda</source>
        <translation>Items of the sale</translation>
    </message>
    <message>
        <source>Qtd.</source>
        <translation>Qty</translation>
    </message>
</context>
<context>
    <name>SaleMetadata</name>
    <message>
        <source>Nome da informação extra</source>
        <translation>Name of the information</translation>
    </message>
    <message>
        <source>Informação extra</source>
        <translation>Information</translation>
    </message>
    <message>
        <source>Conteúdo da informação extra</source>
        <translation>Content of the information</translation>
    </message>
    <message>
        <source>Conteúdo</source>
        <translation>Content</translation>
    </message>
    <message>
        <source>Incluir</source>
        <translation>Add</translation>
    </message>
    <message>
        <source>Informações extras da venda</source>
        <translation>More information on the sale</translation>
    </message>
    <message>
        <source>Informação (Del retira)</source>
        <translation>Information (Del removes)</translation>
    </message>
    <message>
        <source>Caixa</source>
        <translation>Till</translation>
    </message>
    <message>
        <source>Cupom fiscal</source>
        <translation>Fiscal receipt</translation>
    </message>
    <message>
        <source>Chave da NFC-e</source>
        <translation>NFC-e key</translation>
    </message>
</context>
<context>
    <name>SalePage</name>
    <message>
        <source>Registrar venda</source>
        <translation>Register sale</translation>
    </message>
    <message>
        <source>Nova venda</source>
        <translation>New sale</translation>
    </message>
    <message>
        <source>Ela ainda não foi registrada.</source>
        <translation>It has not been registered yet.</translation>
    </message>
    <message>
        <source>Registrar com a data deste PC</source>
        <translation>Register with this PC’s date</translation>
    </message>
    <message>
        <source>Limpar</source>
        <translation>Clear</translation>
    </message>
    <message>
        <source>Você tinha começado esta venda.</source>
        <translation>You had begun this sale.</translation>
    </message>
    <message>
        <source>Continue de onde parou ou aperte Limpar (Ctrl+Del).</source>
        <translation>Go on where you stopped, or press Clear (Ctrl+Del).</translation>
    </message>
    <message>
        <source>A venda começada foi apagada.</source>
        <translation>The sale that was begun was cleared.</translation>
    </message>
    <message>
        <source>Registrar {0}</source>
        <translation>Register {0}</translation>
    </message>
    <message>
        <source>Há outra venda começada aqui.</source>
        <translation>Another sale was begun here.</translation>
    </message>
    <message>
        <source>O benefício do outro cliente continua guardado.</source>
        <translation>The other customer&apos;s reward is still kept.</translation>
    </message>
    <message>
        <source>Registre esta venda ou aperte Limpar (Ctrl+Del), e continue a outra depois.</source>
        <translation>Register this sale or press Clear (Ctrl+Del), and continue the other one afterwards.</translation>
    </message>
    <message>
        <source>A venda começada foi apagada, e o benefício está sendo desfeito.</source>
        <translation>The sale that was begun is cleared, and its reward is being undone.</translation>
    </message>
    <message>
        <source>Registrar e esperar</source>
        <translation>Register and wait</translation>
    </message>
</context>
<context>
    <name>SalePayment</name>
    <message>
        <source>Outra…</source>
        <translation>Other…</translation>
    </message>
    <message>
        <source>Pagamento</source>
        <translation>Payment</translation>
    </message>
</context>
<context>
    <name>ScanDialog</name>
    <message>
        <source>Código lido</source>
        <translation>Code scanned</translation>
    </message>
    <message>
        <source>A devolução começada fica guardada.</source>
        <translation>The refund that was begun is kept.</translation>
    </message>
    <message>
        <source>O que foi começado na janela aberta não é gravado.</source>
        <translation>What was begun in the open window is not saved.</translation>
    </message>
    <message>
        <source>Deixar e consultar</source>
        <translation>Leave and look up</translation>
    </message>
    <message>
        <source>Voltar</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>Deixar esta janela e consultar o código lido?</source>
        <translation>Leave this window and look the scanned code up?</translation>
    </message>
    <message>
        <source>Consultando o BonifiQ…</source>
        <translation>Asking BonifiQ…</translation>
    </message>
    <message>
        <source>Pedido {0}</source>
        <translation>Order {0}</translation>
    </message>
    <message numerus="yes">
        <source>%n pedidos encontrados neste caixa.</source>
        <translation>
            <numerusform>%n order found at this till.</numerusform>
            <numerusform>%n orders found at this till.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ScannerCard</name>
    <message>
        <source>Leitor de código</source>
        <translation>Code scanner</translation>
    </message>
</context>
<context>
    <name>ScannerTest</name>
    <message>
        <source>Leia um código qualquer agora</source>
        <translation>Scan any code now</translation>
    </message>
    <message>
        <source>Teste do leitor</source>
        <translation>Scanner test</translation>
    </message>
    <message>
        <source>Clique no campo e leia o código de um cupom ou produto. Nada é consultado nem guardado.</source>
        <translation>Click into the field and scan the code of a receipt or a product. Nothing is looked up or stored.</translation>
    </message>
    <message>
        <source>Isto foi digitado, não lido.</source>
        <translation>This was typed, not scanned.</translation>
    </message>
    <message>
        <source>Aponte o leitor para um código e aperte o gatilho.</source>
        <translation>Point the scanner at a code and pull the trigger.</translation>
    </message>
    <message>
        <source>O leitor leu “{0}”, mas não mandou Enter no fim.</source>
        <translation>The scanner read “{0}” but sent no Enter at the end.</translation>
    </message>
    <message>
        <source>Ligue o sufixo Enter (CR) com o código do manual do leitor e leia de novo.</source>
        <translation>Turn the suffix Enter (CR) on with the code in the scanner’s manual and scan again.</translation>
    </message>
    <message numerus="yes">
        <source>%n letra(s) em {0} ms, terminadas com {1}.</source>
        <translation>
            <numerusform>%n character in {0} ms, ended with {1}.</numerusform>
            <numerusform>%n characters in {0} ms, ended with {1}.</numerusform>
        </translation>
    </message>
    <message>
        <source>O leitor funciona.</source>
        <translation>The scanner works.</translation>
    </message>
    <message>
        <source>É a chave de um cupom fiscal.</source>
        <translation>It is the key of a receipt.</translation>
    </message>
    <message>
        <source>É um CPF ou CNPJ.</source>
        <translation>It is a CPF or CNPJ.</translation>
    </message>
    <message>
        <source>Serve como número de pedido.</source>
        <translation>It can be an order number.</translation>
    </message>
</context>
<context>
    <name>SearchView</name>
    <message>
        <source>Resultados</source>
        <translation>Results</translation>
    </message>
    <message>
        <source>Pedido {0}</source>
        <translation>Order {0}</translation>
    </message>
    <message>
        <source>consultar no BonifiQ</source>
        <translation>look up in BonifiQ</translation>
    </message>
    <message>
        <source>Saldo do cliente</source>
        <translation>Customer balance</translation>
    </message>
    <message>
        <source>pontos e cashback, sem venda</source>
        <translation>points and cashback, without a sale</translation>
    </message>
    <message>
        <source>É um número de pedido</source>
        <translation>It is an order number</translation>
    </message>
    <message numerus="yes">
        <source>%n resultados</source>
        <translation>
            <numerusform>%n result</numerusform>
            <numerusform>%n results</numerusform>
        </translation>
    </message>
    <message>
        <source>Nada encontrado neste caixa.</source>
        <translation>Nothing found at this till.</translation>
    </message>
    <message>
        <source>Os nomes dos clientes ainda estão sendo carregados.</source>
        <translation>The customers&apos; names are still being loaded.</translation>
    </message>
    <message>
        <source>Neste PC os clientes só são lembrados até fechar o programa.</source>
        <translation>This PC remembers customers only until the program closes.</translation>
    </message>
    <message>
        <source>Nada encontrado neste caixa. Aqui aparece só o que passou por ele.</source>
        <translation>Nothing found at this till. Only what passed through it is shown here.</translation>
    </message>
    <message>
        <source>O BonifiQ não tem o pedido {0}.</source>
        <translation>BonifiQ has no order {0}.</translation>
    </message>
    <message>
        <source>Este caixa achou outra coisa com estes números: Enter abre.</source>
        <translation>This till found something else with these digits: Enter opens it.</translation>
    </message>
</context>
<context>
    <name>SectionList</name>
    <message>
        <source>Partes dos ajustes</source>
        <translation>Parts of the settings</translation>
    </message>
    <message>
        <source>{0}: falta salvar</source>
        <translation>{0}: not saved yet</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Testar conexão</source>
        <translation>Test connection</translation>
    </message>
    <message>
        <source>Praticar sem valer</source>
        <translation>Practise</translation>
    </message>
    <message>
        <source>Ajustes</source>
        <translation>Settings</translation>
    </message>
    <message>
        <source>O endereço do BonifiQ mudou neste computador.</source>
        <translation>BonifiQ&apos;s address has changed on this computer.</translation>
    </message>
    <message>
        <source>O token e a chave guardados são de outro endereço e não foram enviados a ninguém.</source>
        <translation>The stored token and key belong to another address and were not sent to anybody.</translation>
    </message>
    <message>
        <source>Confira o endereço e digite o token e a chave de novo.</source>
        <translation>Check the address and type token and key again.</translation>
    </message>
    <message>
        <source>O endereço mudou: digite o token e a chave de novo.</source>
        <translation>The address changed: type the token and the key again.</translation>
    </message>
    <message>
        <source>Apagar o token e a chave deste caixa?</source>
        <translation>Delete the token and the key of this till?</translation>
    </message>
    <message>
        <source>O que está na fila fica guardado e espera por outro par.</source>
        <translation>What is in the queue stays and waits for another pair.</translation>
    </message>
    <message>
        <source>Para apagar, aperte o botão outra vez.</source>
        <translation>To delete them, press the button once more.</translation>
    </message>
    <message>
        <source>O token e a chave foram apagados deste computador.</source>
        <translation>Token and key were deleted from this computer.</translation>
    </message>
    <message>
        <source>O token e a chave vêm da configuração deste computador e valem no lugar dos digitados.</source>
        <translation>The token and the key come from this computer’s configuration and count instead of typed ones.</translation>
    </message>
    <message>
        <source>O endereço mudou: digite o token e a chave dele. Os de antes não valem mais aqui.</source>
        <translation>The address has changed: type its token and key. The former ones no longer count here.</translation>
    </message>
    <message>
        <source>Testando a conexão…</source>
        <translation>Testing the connection…</translation>
    </message>
    <message>
        <source>Conexão certa: o BonifiQ aceitou o token e a chave.</source>
        <translation>Connection is fine: BonifiQ accepted the token and the key.</translation>
    </message>
    <message>
        <source>O teste não muda nada lá.</source>
        <translation>The test changes nothing there.</translation>
    </message>
    <message>
        <source>O idioma muda quando o programa for aberto de novo.</source>
        <translation>The language changes when the program is opened again.</translation>
    </message>
    <message>
        <source>Ajustes salvos.</source>
        <translation>Settings saved.</translation>
    </message>
    <message>
        <source>A chave está guardada no cofre de senhas deste computador.</source>
        <translation>The key is kept in this computer’s password safe.</translation>
    </message>
    <message>
        <source>A chave está num arquivo que só este usuário do computador pode ler.</source>
        <translation>The key is in a file that only this user of the computer can read.</translation>
    </message>
    <message>
        <source>Este computador não tem cofre de senhas: a chave vale até fechar o programa. Marque a opção abaixo da chave para guardá-la num arquivo.</source>
        <translation>This computer has no password safe: the key works until the program is closed. Tick the option below the key to keep it in a file.</translation>
    </message>
    <message>
        <source>O cofre de senhas deste computador não responde: a chave vale até fechar o programa. Marque a opção abaixo da chave para guardá-la num arquivo.</source>
        <translation>This computer’s password store does not answer: the key is good until the program is closed. Tick the box below the key to keep it in a file.</translation>
    </message>
    <message>
        <source>Salvar</source>
        <translation>Save</translation>
    </message>
    <message>
        <source>Conexões</source>
        <translation>Connections</translation>
    </message>
    <message>
        <source>Este caixa</source>
        <translation>This till</translation>
    </message>
    <message>
        <source>Banco da loja</source>
        <translation>Shop database</translation>
    </message>
    <message>
        <source>Pessoas</source>
        <translation>People</translation>
    </message>
    <message>
        <source>Listas</source>
        <translation>Lists</translation>
    </message>
    <message>
        <source>Leitor</source>
        <translation>Scanner</translation>
    </message>
    <message>
        <source>Impressora</source>
        <translation>Printer</translation>
    </message>
    <message>
        <source>Aparência</source>
        <translation>Appearance</translation>
    </message>
    <message>
        <source>Privacidade</source>
        <translation>Privacy</translation>
    </message>
    <message>
        <source>Avançado</source>
        <translation>Advanced</translation>
    </message>
</context>
<context>
    <name>SharedItems</name>
    <message>
        <source>só {0}</source>
        <translation>only in {0}</translation>
    </message>
    <message>
        <source>pago {0}</source>
        <translation>paid {0}</translation>
    </message>
    <message>
        <source>{0} un.</source>
        <translation>{0} pc</translation>
    </message>
    <message>
        <source>{0} unidades a devolver</source>
        <translation>{0} units to return</translation>
    </message>
</context>
<context>
    <name>ShopDatabaseCard</name>
    <message>
        <source>Os outros caixas da loja</source>
        <translation>The other tills of the shop</translation>
    </message>
    <message>
        <source>Caixa</source>
        <translation>Till</translation>
    </message>
    <message>
        <source>Última notícia</source>
        <translation>Last news</translation>
    </message>
    <message>
        <source>Falta receber</source>
        <translation>Still to come</translation>
    </message>
    <message>
        <source>Entrar no banco da loja</source>
        <translation>Join the shop database</translation>
    </message>
    <message>
        <source>Trocar agora</source>
        <translation>Exchange now</translation>
    </message>
    <message>
        <source>Convidar outro caixa</source>
        <translation>Invite another till</translation>
    </message>
    <message>
        <source>Começar de novo</source>
        <translation>Begin anew</translation>
    </message>
    <message>
        <source>Sair</source>
        <translation>Leave</translation>
    </message>
    <message>
        <source>Banco da loja</source>
        <translation>Shop database</translation>
    </message>
    <message>
        <source>Os caixas contam um ao outro o que fizeram. Sem resposta do banco, cada um continua atendendo.</source>
        <translation>The tills tell each other what they did. Without an answer of the database, each one goes on working.</translation>
    </message>
    <message>
        <source>Com mais de um caixa na loja, um banco de dados em comum mostra em cada um o que os outros devolveram. Um caixa sozinho não precisa dele.</source>
        <translation>Where a shop has several tills, a database in common shows at each of them what the others refunded. A single till does not need it.</translation>
    </message>
    <message>
        <source>Última troca: {0}, {1}.</source>
        <translation>Last exchange: {0}, {1}.</translation>
    </message>
    <message>
        <source>Ainda não trocou nada.</source>
        <translation>Nothing exchanged yet.</translation>
    </message>
    <message numerus="yes">
        <source>%n registro(s) deste caixa a mandar.</source>
        <translation>
            <numerusform>%n record of this till to send.</numerusform>
            <numerusform>%n records of this till to send.</numerusform>
        </translation>
    </message>
    <message>
        <source>aqui é o {0}</source>
        <translation>this is {0}</translation>
    </message>
    <message numerus="yes">
        <source>%n registro(s)</source>
        <translation>
            <numerusform>%n record</numerusform>
            <numerusform>%n records</numerusform>
        </translation>
    </message>
    <message>
        <source>nada</source>
        <translation>nothing</translation>
    </message>
    <message>
        <source>Este caixa entrou no banco da loja.</source>
        <translation>This till joined the shop database.</translation>
    </message>
    <message>
        <source>O que os outros fizeram chega agora, aos poucos; pode levar alguns minutos.</source>
        <translation>What the others did arrives now, bit by bit; it may take some minutes.</translation>
    </message>
    <message>
        <source>Convite feito para o {0}.</source>
        <translation>Invitation made for {0}.</translation>
    </message>
    <message>
        <source>Ele entra com o arquivo e o código nas próximas 24 horas.</source>
        <translation>It joins with the file and the code within the next 24 hours.</translation>
    </message>
    <message>
        <source>Trocando com o banco da loja…</source>
        <translation>Exchanging with the shop database…</translation>
    </message>
    <message>
        <source>Começar de novo com o histórico deste PC?</source>
        <translation>Begin anew with this PC&apos;s history?</translation>
    </message>
    <message>
        <source>Este caixa conta outra vez todo o seu histórico ao banco da loja. Nada é enviado ao BonifiQ.</source>
        <translation>This till tells its whole history to the shop database once more. Nothing is sent to BonifiQ.</translation>
    </message>
    <message>
        <source>Antes, veja se outro PC usa o mesmo nome de caixa: dê um nome a cada um. Para começar, aperte o botão outra vez.</source>
        <translation>First, see whether another PC uses the same till name: give each one its own. To begin, press the button again.</translation>
    </message>
    <message>
        <source>Começado de novo: a troca continua.</source>
        <translation>Begun anew: the exchange goes on.</translation>
    </message>
    <message numerus="yes">
        <source>%n registro(s) deste caixa nunca chegarão aos outros.</source>
        <translation>
            <numerusform>%n record of this till will never reach the others.</numerusform>
            <numerusform>%n records of this till will never reach the others.</numerusform>
        </translation>
    </message>
    <message>
        <source>Sair do banco da loja?</source>
        <translation>Leave the shop database?</translation>
    </message>
    <message>
        <source>O histórico deste caixa fica. O que os outros caixas fizeram some daqui, e eles deixam de ver o que este fizer.</source>
        <translation>This till&apos;s history stays. What the other tills did disappears from here, and they no longer see what this one does.</translation>
    </message>
    <message>
        <source>Para sair, aperte o botão outra vez.</source>
        <translation>To leave, press the button again.</translation>
    </message>
    <message>
        <source>Este caixa saiu do banco da loja.</source>
        <translation>This till left the shop database.</translation>
    </message>
    <message>
        <source>Lá ele continua na lista dos caixas até o suporte retirá-lo.</source>
        <translation>There it stays in the list of tills until the support removes it.</translation>
    </message>
</context>
<context>
    <name>ShopTable</name>
    <message>
        <source>Toda a loja, pelo que este caixa sabe</source>
        <translation>The whole shop, as far as this till knows</translation>
    </message>
    <message>
        <source>Caixa</source>
        <translation>Till</translation>
    </message>
    <message>
        <source>Nº</source>
        <translation>No.</translation>
    </message>
    <message>
        <source>Vendas</source>
        <translation>Sales</translation>
    </message>
    <message>
        <source>Devolvido</source>
        <translation>Taken back</translation>
    </message>
    <message>
        <source>Outros sistemas</source>
        <translation>Other systems</translation>
    </message>
    <message>
        <source>Em aberto</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>Última notícia</source>
        <translation>Last news</translation>
    </message>
    <message>
        <source>Toda a loja</source>
        <translation>Whole shop</translation>
    </message>
    <message>
        <source>Os números dos outros caixas são os que este caixa conhecia no fechamento.</source>
        <translation>The figures of the other tills are those that this till knew at the close.</translation>
    </message>
    <message>
        <source>O que os outros caixas registraram depois da última notícia não está nas somas.</source>
        <translation>What the other tills registered after the last news is not in the sums.</translation>
    </message>
    <message numerus="yes">
        <source>Falta(m) %n mudança(s) deles.</source>
        <translation>
            <numerusform>%n change of theirs is missing.</numerusform>
            <numerusform>%n changes of theirs are missing.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SideBar</name>
    <message>
        <source>Consultar</source>
        <translation>Look up</translation>
    </message>
    <message>
        <source>Nova venda</source>
        <translation>New sale</translation>
    </message>
    <message>
        <source>Histórico</source>
        <translation>History</translation>
    </message>
    <message>
        <source>Fechamento</source>
        <translation>Day close</translation>
    </message>
    <message>
        <source>Ajustes</source>
        <translation>Settings</translation>
    </message>
    <message>
        <source>Versão nova: {0}
Veja Ajustes (F9).</source>
        <translation>New version: {0}
See Settings (F9).</translation>
    </message>
</context>
<context>
    <name>SignInPage</name>
    <message>
        <source>Entrar</source>
        <translation>Sign in</translation>
    </message>
    <message>
        <source>Esqueci o PIN</source>
        <translation>I forgot the PIN</translation>
    </message>
    <message>
        <source>Quem está no caixa?</source>
        <translation>Who is at the counter?</translation>
    </message>
    <message>
        <source>O que está na fila continua sendo enviado. O que estava digitado está guardado.</source>
        <translation>What is in the queue goes on being sent. What was typed is kept.</translation>
    </message>
    <message>
        <source>O PIN novo está guardado.</source>
        <translation>The new PIN is stored.</translation>
    </message>
    <message>
        <source>Entre com ele.</source>
        <translation>Sign in with it.</translation>
    </message>
</context>
<context>
    <name>SlipChoice</name>
    <message>
        <source>Qual comprovante?</source>
        <translation>Which slip?</translation>
    </message>
    <message>
        <source>Ver e imprimir</source>
        <translation>View and print</translation>
    </message>
    <message>
        <source>Voltar</source>
        <translation>Back</translation>
    </message>
</context>
<context>
    <name>SlipView</name>
    <message>
        <source>Comprovante</source>
        <translation>Slip</translation>
    </message>
</context>
<context>
    <name>StaffCard</name>
    <message>
        <source>Pessoas deste caixa</source>
        <translation>People of this till</translation>
    </message>
    <message>
        <source>Nome</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>O que faz</source>
        <translation>Role</translation>
    </message>
    <message>
        <source>Nova pessoa</source>
        <translation>New person</translation>
    </message>
    <message>
        <source>Mudar PIN ou função</source>
        <translation>Change PIN or role</translation>
    </message>
    <message>
        <source>Tirar da lista</source>
        <translation>Take off the list</translation>
    </message>
    <message>
        <source>Esqueci o PIN</source>
        <translation>I forgot the PIN</translation>
    </message>
    <message>
        <source>sem limite</source>
        <translation>no limit</translation>
    </message>
    <message>
        <source>Pessoas e PIN</source>
        <translation>People and PINs</translation>
    </message>
    <message>
        <source>Devolução acima disto, no mesmo pedido, só com o responsável</source>
        <translation>Refunds of one order above this need a manager</translation>
    </message>
    <message>
        <source>Benefício acima disto só com o responsável</source>
        <translation>Reward above this only with the manager</translation>
    </message>
    <message>
        <source>Perguntar de novo quem está no caixa depois de</source>
        <translation>Ask again who is at the counter after</translation>
    </message>
    <message numerus="yes">
        <source>%n minuto(s)</source>
        <translation>
            <numerusform>%n minute</numerusform>
            <numerusform>%n minutes</numerusform>
        </translation>
    </message>
    <message>
        <source>A lista de pessoas deste caixa sumiu ou está danificada: ninguém pode autorizar nada. O dono inclui um responsável de novo em “Esqueci o PIN”.</source>
        <translation>This till’s list of people is gone or damaged: nobody can allow anything. The owner names a manager anew under “I forgot the PIN”.</translation>
    </message>
    <message>
        <source>Sem pessoas na lista, quem está na frente do computador pode tudo: cancelar, decidir, mudar ajustes. Comece pelo responsável.</source>
        <translation>With nobody on the list, whoever sits at the computer may do everything: cancel, decide, change settings. Begin with the manager.</translation>
    </message>
    <message>
        <source>O que é do responsável pede o PIN dele a cada vez. Inclua os caixas para o programa perguntar quem está trabalhando.</source>
        <translation>What is for the manager asks for the manager’s PIN each time. Add the cashiers, and the program asks who is working.</translation>
    </message>
    <message>
        <source>O programa pergunta quem está no caixa, e o que é do responsável pede o PIN dele a cada vez.</source>
        <translation>The program asks who is at the counter, and what is for the manager asks for the manager’s PIN each time.</translation>
    </message>
    <message>
        <source>Tirar {0} da lista?</source>
        <translation>Take {0} off the list?</translation>
    </message>
    <message>
        <source>O que já foi registrado continua com este nome.</source>
        <translation>What was registered keeps this name.</translation>
    </message>
    <message>
        <source>Para tirar, aperte o botão outra vez.</source>
        <translation>To do so, press the button again.</translation>
    </message>
</context>
<context>
    <name>StatusStrip</name>
    <message>
        <source>Abrindo…</source>
        <translation>Opening…</translation>
    </message>
    <message>
        <source>Caixa {0}</source>
        <translation>Till {0}</translation>
    </message>
    <message>
        <source>Nada é enviado por enquanto</source>
        <translation>Nothing is sent for now</translation>
    </message>
    <message>
        <source>Parado</source>
        <translation>Stopped</translation>
    </message>
    <message>
        <source>recusou o acesso, envio parado (F9)</source>
        <translation>refused access, sending stopped (F9)</translation>
    </message>
    <message>
        <source>falta a chave ou a senha (F9)</source>
        <translation>key or password missing (F9)</translation>
    </message>
    <message>
        <source>sem conexão</source>
        <translation>no connection</translation>
    </message>
    <message>
        <source>recusou o acesso (F9)</source>
        <translation>refused access (F9)</translation>
    </message>
    <message>
        <source>sem resposta clara</source>
        <translation>no clear answer</translation>
    </message>
    <message>
        <source>agora</source>
        <translation>just now</translation>
    </message>
    <message>
        <source>há {0} min</source>
        <translation>{0} min ago</translation>
    </message>
    <message>
        <source>há {0} h</source>
        <translation>{0} h ago</translation>
    </message>
    <message numerus="yes">
        <source>há %n dia(s)</source>
        <translation>
            <numerusform>%n day ago</numerusform>
            <numerusform>%n days ago</numerusform>
        </translation>
    </message>
    <message>
        <source>Token ou chave recusados: envio parado. Veja Ajustes (F9).</source>
        <translation>Token or key refused: sending has stopped. See Settings (F9).</translation>
    </message>
    <message>
        <source>Token novo: falta dizer de que loja é (F9)</source>
        <translation>New token: say which shop it belongs to (F9)</translation>
    </message>
    <message>
        <source>Esperando o cofre de senhas deste computador…</source>
        <translation>Waiting for this computer’s password store…</translation>
    </message>
    <message>
        <source>Falta conectar (F9)</source>
        <translation>Not connected yet (F9)</translation>
    </message>
    <message>
        <source>Pronto</source>
        <translation>Ready</translation>
    </message>
    <message>
        <source>Conectado</source>
        <translation>Connected</translation>
    </message>
    <message>
        <source>Sem conexão</source>
        <translation>No connection</translation>
    </message>
    <message>
        <source>Token ou chave recusados (F9)</source>
        <translation>Token or key refused (F9)</translation>
    </message>
    <message>
        <source>Sem resposta clara</source>
        <translation>No clear answer</translation>
    </message>
</context>
<context>
    <name>SupportCard</name>
    <message>
        <source>Arquivo para o suporte</source>
        <translation>File for the support</translation>
    </message>
    <message>
        <source>Diz ao suporte como está este caixa. Não leva dados de clientes, nem token e chave.</source>
        <translation>Tells the support how this till is. It holds no customers&apos; data, no token and no key.</translation>
    </message>
    <message>
        <source>Salvar o arquivo para o suporte</source>
        <translation>Save the file for the support</translation>
    </message>
    <message>
        <source>Arquivo (*.zip)</source>
        <translation>File (*.zip)</translation>
    </message>
    <message>
        <source>Arquivo para o suporte salvo.</source>
        <translation>File for the support saved.</translation>
    </message>
    <message>
        <source>Ele não tem dados de clientes, nem token e chave.</source>
        <translation>It holds no customers&apos; data, no token and no key.</translation>
    </message>
    <message>
        <source>Envie ao suporte: {0}</source>
        <translation>Send to the support: {0}</translation>
    </message>
</context>
<context>
    <name>SystemRows</name>
    <message>
        <source>{0}: não encontrado.</source>
        <translation>{0}: not found.</translation>
    </message>
    <message>
        <source>Não encontrado</source>
        <translation>Not found</translation>
    </message>
    <message>
        <source>visto em {0}</source>
        <translation>seen on {0}</translation>
    </message>
    <message>
        <source>Sem resposta agora</source>
        <translation>No answer now</translation>
    </message>
    <message>
        <source>Não dá por aqui</source>
        <translation>Not from here</translation>
    </message>
    <message>
        <source>Pode devolver</source>
        <translation>Can be returned</translation>
    </message>
    <message>
        <source>Não há pontos nem cashback deste pedido a estornar.</source>
        <translation>This order gave no points or cashback to take back.</translation>
    </message>
    <message>
        <source>Nada a estornar</source>
        <translation>Nothing to take back</translation>
    </message>
    <message>
        <source>Pode estornar</source>
        <translation>Can take back</translation>
    </message>
    <message>
        <source>Consultando…</source>
        <translation>Looking up…</translation>
    </message>
    <message>
        <source>Sem chave</source>
        <translation>No key</translation>
    </message>
    <message>
        <source>Mais de um</source>
        <translation>More than one</translation>
    </message>
    <message>
        <source>Sem conexão</source>
        <translation>No connection</translation>
    </message>
    <message>
        <source>Falhou</source>
        <translation>Failed</translation>
    </message>
</context>
<context>
    <name>SystemsReturnPage</name>
    <message>
        <source>Espaço marca uma unidade em todos os sistemas</source>
        <translation>Space ticks one unit in all systems</translation>
    </message>
    <message>
        <source>{0} mostra outros itens com este número.</source>
        <translation>{0} shows other items under this number.</translation>
    </message>
    <message>
        <source>Confira se é a mesma compra antes de devolver.</source>
        <translation>Check that it is the same purchase before returning.</translation>
    </message>
    <message>
        <source>Registrar devolução</source>
        <translation>Register return</translation>
    </message>
    <message>
        <source>{0} passa do que ainda pode ser devolvido.</source>
        <translation>{0} is more than can still be refunded.</translation>
    </message>
    <message>
        <source>Devolva no máximo {0}.</source>
        <translation>Refund {0} at most.</translation>
    </message>
    <message>
        <source>Marque os itens que voltaram.</source>
        <translation>Tick the items that came back.</translation>
    </message>
    <message>
        <source>O BonifiQ não mostra o preço destes itens: digite o valor a estornar.</source>
        <translation>BonifiQ does not show the price of these items: type the value to take back.</translation>
    </message>
</context>
<context>
    <name>SystemsSummary</name>
    <message>
        <source>Valor no BonifiQ</source>
        <translation>Value in BonifiQ</translation>
    </message>
    <message>
        <source>Não pague na gaveta: {0} devolvem.</source>
        <translation>Do not pay from the drawer: {0} refund it.</translation>
    </message>
    <message>
        <source>Não pague na gaveta: {0} devolve.</source>
        <translation>Do not pay from the drawer: {0} refunds it.</translation>
    </message>
    <message>
        <source>o motivo “{0}” não tem código lá. O responsável o liga em Ajustes (F9), Conexões.</source>
        <translation>the reason “{0}” has no code there. The manager maps it in Settings (F9), Connections.</translation>
    </message>
    <message>
        <source>{0} impede esta devolução: {1}</source>
        <translation>{0} prevents this return: {1}</translation>
    </message>
    <message>
        <source>{0} fica de fora: {1}</source>
        <translation>{0} is left out: {1}</translation>
    </message>
    <message>
        <source>{0} cancela {1}</source>
        <translation>{0} cancels {1}</translation>
    </message>
    <message>
        <source>{0} devolve {1}</source>
        <translation>{0} refunds {1}</translation>
    </message>
    <message>
        <source>{0} + frete {1}</source>
        <translation>{0} + freight {1}</translation>
    </message>
    <message>
        <source>{0} + frete</source>
        <translation>{0} + freight</translation>
    </message>
    <message>
        <source>{0} (estimado)</source>
        <translation>{0} (estimated)</translation>
    </message>
    <message>
        <source>BonifiQ estorna o valor de {0}</source>
        <translation>BonifiQ takes back the value of {0}</translation>
    </message>
</context>
<context>
    <name>Tables</name>
    <message>
        <source>Motivo</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>Pessoa</source>
        <translation>Person</translation>
    </message>
    <message>
        <source>Nº</source>
        <translation>No.</translation>
    </message>
    <message>
        <source>Valor</source>
        <translation>Value</translation>
    </message>
    <message>
        <source>Devoluções por motivo</source>
        <translation>Refunds by reason</translation>
    </message>
    <message>
        <source>Devoluções por pessoa</source>
        <translation>Refunds by person</translation>
    </message>
    <message>
        <source>Cancelamentos por motivo</source>
        <translation>Cancellations by reason</translation>
    </message>
    <message>
        <source>Cancelamentos por pessoa</source>
        <translation>Cancellations by person</translation>
    </message>
    <message>
        <source>Devoluções em outros sistemas</source>
        <translation>Returns in other systems</translation>
    </message>
    <message>
        <source>Sistema</source>
        <translation>System</translation>
    </message>
    <message>
        <source>Pontos e cashback</source>
        <translation>Points and cashback</translation>
    </message>
    <message>
        <source>Informado</source>
        <translation>Reported</translation>
    </message>
    <message>
        <source>Estimativa</source>
        <translation>Estimate</translation>
    </message>
    <message>
        <source>Vendas por pessoa</source>
        <translation>Sales by person</translation>
    </message>
    <message>
        <source>Vendas por pagamento</source>
        <translation>Sales by payment</translation>
    </message>
    <message>
        <source>Pagamento</source>
        <translation>Payment</translation>
    </message>
</context>
<context>
    <name>TakeOverSheet</name>
    <message>
        <source>Assumir o pedido {0}?</source>
        <translation>Take order {0} over?</translation>
    </message>
    <message>
        <source>Por exemplo: o caixa está desligado</source>
        <translation>For example: that till is switched off</translation>
    </message>
    <message>
        <source>Assumir</source>
        <translation>Take over</translation>
    </message>
    <message>
        <source>Voltar</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>O que você viu ou ouviu daquele caixa</source>
        <translation>What you saw or heard of that till</translation>
    </message>
    <message>
        <source>Assuma só se o {0} parou: desligado, quebrado ou sem rede.</source>
        <translation>Take over only if {0} has stopped: switched off, broken or without network.</translation>
    </message>
    <message>
        <source>Este caixa fica livre para registrar neste pedido. O registro do {0} continua no histórico.</source>
        <translation>This till may then register on this order. The record of {0} stays in the history.</translation>
    </message>
    <message>
        <source>Confira antes no portal de {0} se a devolução já entrou.</source>
        <translation>First check in the portal of {0} whether the return is there already.</translation>
    </message>
    <message>
        <source>Se ele já enviou, a devolução do mesmo valor feita aqui não vale duas vezes: o BonifiQ recusa a segunda. Com outro valor, valem as duas.</source>
        <translation>If that till sent it already, a refund of the same value made here does not count twice: BonifiQ refuses the second one. With another value, both count.</translation>
    </message>
    <message>
        <source>Se ele já enviou, o pedido é consultado no BonifiQ antes do próximo envio daqui.</source>
        <translation>If that till sent it already, the order is looked up in BonifiQ before the next sending from here.</translation>
    </message>
    <message>
        <source>Pergunte se o cliente já recebeu o dinheiro lá.</source>
        <translation>Ask whether the customer has received the money there.</translation>
    </message>
    <message>
        <source>O {0} está ligado e deu notícia agora há pouco.</source>
        <translation>Switched on, and heard of just now: {0}.</translation>
    </message>
    <message>
        <source>Pergunte lá antes: ele pode estar terminando.</source>
        <translation>Ask there first: it may be about to finish.</translation>
    </message>
</context>
<context>
    <name>TillCard</name>
    <message>
        <source>Este caixa</source>
        <translation>This till</translation>
    </message>
    <message>
        <source>Nome do caixa</source>
        <translation>Till name</translation>
    </message>
    <message>
        <source>Código da filial</source>
        <translation>Branch code</translation>
    </message>
    <message>
        <source>Nome da filial</source>
        <translation>Branch name</translation>
    </message>
    <message>
        <source>Idioma</source>
        <translation>Language</translation>
    </message>
    <message>
        <source>O nome é o deste caixa no banco da loja, e só muda fora dele.</source>
        <translation>The name is this till&apos;s in the shop database, and changes only outside of it.</translation>
    </message>
</context>
<context>
    <name>TillStep</name>
    <message>
        <source>Este caixa</source>
        <translation>This till</translation>
    </message>
    <message>
        <source>O nome entra no número das vendas: cada caixa da loja tem o seu. Só letras sem acento e números.</source>
        <translation>The name goes into the numbers of the sales: each till of the shop has its own. Plain letters and digits only.</translation>
    </message>
    <message>
        <source>Nome do caixa</source>
        <translation>Till name</translation>
    </message>
    <message>
        <source>Cores</source>
        <translation>Colours</translation>
    </message>
    <message>
        <source>Leitor de código (se houver)</source>
        <translation>Code scanner (if any)</translation>
    </message>
    <message>
        <source>Continuar</source>
        <translation>Continue</translation>
    </message>
</context>
<context>
    <name>Toast</name>
    <message>
        <source>Desfazer</source>
        <translation>Undo</translation>
    </message>
</context>
<context>
    <name>TotalsLabel</name>
    <message>
        <source>Mais de {0} registros: filtre mais para ver a soma.</source>
        <translation>More than {0} records: filter further to see the sum.</translation>
    </message>
    <message numerus="yes">
        <source>%n registro(s)</source>
        <translation>
            <numerusform>%n record</numerusform>
            <numerusform>%n records</numerusform>
        </translation>
    </message>
    <message>
        <source>vendas</source>
        <translation>sales</translation>
    </message>
    <message>
        <source>devoluções</source>
        <translation>refunds</translation>
    </message>
    <message>
        <source>cancelamentos</source>
        <translation>cancels</translation>
    </message>
    <message>
        <source>benefícios usados</source>
        <translation>rewards redeemed</translation>
    </message>
    <message>
        <source>benefícios desfeitos</source>
        <translation>rewards undone</translation>
    </message>
    <message>
        <source>confirmados: {0}</source>
        <translation>confirmed: {0}</translation>
    </message>
    <message>
        <source>devoluções no BonifiQ</source>
        <translation>refunds in BonifiQ</translation>
    </message>
    <message>
        <source>devoluções em outros sistemas {0}</source>
        <translation>refunds in other systems {0}</translation>
    </message>
</context>
<context>
    <name>UpdateNotice</name>
    <message>
        <source>Há uma versão nova do programa: {0}, de {1}.</source>
        <translation>There is a newer version of the program: {0}, of {1}.</translation>
    </message>
    <message>
        <source>Nada muda sozinho: o programa não baixa nem instala nada.</source>
        <translation>Nothing changes by itself: the program downloads and installs nothing.</translation>
    </message>
    <message>
        <source>Para instalar, feche o programa e siga: {0}</source>
        <translation>To install it, close the program and follow: {0}</translation>
    </message>
</context>
<context>
    <name>UpdatesCard</name>
    <message>
        <source>https://… # chave</source>
        <translation>https://… # key</translation>
    </message>
    <message>
        <source>Avisos de versão nova</source>
        <translation>Notices of newer versions</translation>
    </message>
    <message>
        <source>Endereço dos avisos</source>
        <translation>Address of the notices</translation>
    </message>
    <message>
        <source>Vazio: ninguém é consultado. O programa só avisa; quem instala é o responsável.</source>
        <translation>Empty: nobody is asked. The program only tells; whoever is responsible installs.</translation>
    </message>
</context>
<context>
    <name>UsedReward</name>
    <message>
        <source>O cliente usou um {0}: no cancelamento inteiro, o BonifiQ decide se ele volta.</source>
        <translation>The customer used a {0}: on a whole cancel, BonifiQ decides whether it goes back.</translation>
    </message>
    <message>
        <source>O cliente usou um {0}: a devolução pede ao BonifiQ que ele volte ao saldo.</source>
        <translation>The customer used a {0}: the refund asks BonifiQ to give it back to the balance.</translation>
    </message>
    <message>
        <source>O cliente usou um {0}: pelos ajustes da loja, ele não volta ao saldo.</source>
        <translation>The customer used a {0}: by the shop&apos;s settings, it does not go back to the balance.</translation>
    </message>
    <message>
        <source>O cliente usou um {0}: o ajuste da loja no BonifiQ diz se ele volta ao saldo.</source>
        <translation>The customer used a {0}: the shop&apos;s setting at BonifiQ says whether it goes back to the balance.</translation>
    </message>
</context>
<context>
    <name>UserGuideDialog</name>
    <message>
        <source>Ajuda</source>
        <translation>Help</translation>
    </message>
    <message>
        <source>pt</source>
        <comment>language of the documents: pt or en</comment>
        <translation>en</translation>
    </message>
    <message>
        <source>Palavra ou código</source>
        <translation>Word or code</translation>
    </message>
    <message>
        <source>Procurar na ajuda</source>
        <translation>Search the help</translation>
    </message>
    <message>
        <source>Voltar</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>Fechar</source>
        <translation>Close</translation>
    </message>
    <message numerus="yes">
        <source>%n resultado(s)</source>
        <translation>
            <numerusform>%n result</numerusform>
            <numerusform>%n results</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>VersionSwitch</name>
    <message>
        <source>Versão deste programa: {0}.</source>
        <translation>Version of this program: {0}.</translation>
    </message>
    <message>
        <source>Na próxima abertura começa a versão {0}.</source>
        <translation>The next start takes version {0}.</translation>
    </message>
    <message>
        <source>A versão {0} não lê o histórico de agora.</source>
        <translation>Version {0} cannot read the present history.</translation>
    </message>
    <message>
        <source>Tentar a versão {0} de novo</source>
        <translation>Try version {0} again</translation>
    </message>
    <message>
        <source>Voltar à versão {0}</source>
        <translation>Go back to version {0}</translation>
    </message>
    <message>
        <source>Na próxima vez que o programa for aberto, começa a versão {0}.</source>
        <translation>The next time the program is opened, version {0} starts.</translation>
    </message>
    <message>
        <source>O histórico e os ajustes continuam os mesmos.</source>
        <translation>The history and the settings stay the same.</translation>
    </message>
    <message>
        <source>Feche o programa e abra de novo quando o caixa estiver livre.</source>
        <translation>Close the program and open it again when the till is free.</translation>
    </message>
</context>
<context>
    <name>WindowContent</name>
    <message>
        <source>Histórico fora de uso</source>
        <translation>History out of use</translation>
    </message>
    <message>
        <source>Leitura ignorada: entre no caixa primeiro.</source>
        <translation>Scan ignored: sign in first.</translation>
    </message>
    <message>
        <source>Primeiro uso</source>
        <translation>First use</translation>
    </message>
    <message>
        <source>Tudo pronto. Leia ou digite o primeiro pedido.</source>
        <translation>All is ready. Scan or type the first order.</translation>
    </message>
    <message>
        <source>Leitura ignorada: feche primeiro a janela aberta.</source>
        <translation>Scan ignored: close the open window first.</translation>
    </message>
</context>
<context>
    <name>_NewName</name>
    <message>
        <source>Nome do cliente, obrigatório</source>
        <translation>Customer&apos;s name, required</translation>
    </message>
    <message>
        <source>Nome (obrigatório)</source>
        <translation>Name (required)</translation>
    </message>
</context>
<context>
    <name>_OtherPayment</name>
    <message>
        <source>Forma de pagamento</source>
        <translation>Payment method</translation>
    </message>
    <message>
        <source>Qual?</source>
        <translation>Which one?</translation>
    </message>
</context>
<context>
    <name>approval</name>
    <message>
        <source>Esta devolução passa do limite da loja: o responsável autoriza?</source>
        <translation>This refund is above the shop’s limit: does the manager allow it?</translation>
    </message>
    <message>
        <source>Este benefício passa do limite da loja: o responsável autoriza?</source>
        <translation>This reward is above the shop&apos;s limit: does the manager approve?</translation>
    </message>
    <message>
        <source>O limite da loja é em reais, e esta devolução é em outra moeda: o responsável autoriza?</source>
        <translation>The shop&apos;s limit is in reais, and this refund is in another currency: does the manager approve?</translation>
    </message>
    <message>
        <source>Cancelar o pedido inteiro: o responsável autoriza?</source>
        <translation>Cancel the whole order: does the manager allow it?</translation>
    </message>
    <message>
        <source>Gravar esta decisão: o responsável autoriza?</source>
        <translation>Record this decision: does the manager allow it?</translation>
    </message>
    <message>
        <source>Dar este registro por verificado: o responsável autoriza?</source>
        <translation>Call this record checked: does the manager allow it?</translation>
    </message>
    <message>
        <source>Mudar os ajustes: o responsável autoriza?</source>
        <translation>Change the settings: does the manager allow it?</translation>
    </message>
    <message>
        <source>Mudar as pessoas deste caixa: o responsável autoriza?</source>
        <translation>Change this till’s people: does the manager allow it?</translation>
    </message>
    <message>
        <source>Mostrar o CPF do cliente: o responsável autoriza?</source>
        <translation>Show the customer’s CPF: does the manager allow it?</translation>
    </message>
    <message>
        <source>Salvar os dados do cliente: o responsável autoriza?</source>
        <translation>Save the customer’s data: does the manager allow it?</translation>
    </message>
    <message>
        <source>Apagar os dados do cliente: o responsável autoriza?</source>
        <translation>Erase the customer’s data: does the manager allow it?</translation>
    </message>
    <message>
        <source>Trocar o arquivo do histórico: o responsável autoriza?</source>
        <translation>Replace the history’s file: does the manager allow it?</translation>
    </message>
    <message>
        <source>Fechar o dia com registros em aberto: o responsável autoriza?</source>
        <translation>Close the day with open records: does the manager approve?</translation>
    </message>
</context>
<context>
    <name>day</name>
    <message>
        <source>Vendas</source>
        <translation>Sales</translation>
    </message>
    <message>
        <source>Devoluções</source>
        <translation>Refunds</translation>
    </message>
    <message>
        <source>Cancelamentos</source>
        <translation>Cancellations</translation>
    </message>
    <message>
        <source>Benefícios usados</source>
        <translation>Rewards used</translation>
    </message>
    <message>
        <source>Em aberto: +{0}</source>
        <translation>Open: +{0}</translation>
    </message>
    <message>
        <source>Sem informação</source>
        <translation>Not given</translation>
    </message>
    <message>
        <source>{0}: disso, estimativa</source>
        <translation>{0}: estimated part</translation>
    </message>
    <message>
        <source>Pontos dados</source>
        <translation>Points given</translation>
    </message>
    <message>
        <source>Pontos retirados</source>
        <translation>Points taken</translation>
    </message>
    <message>
        <source>Cashback retirado</source>
        <translation>Cashback taken</translation>
    </message>
    <message>
        <source>Cashback dado</source>
        <translation>Cashback given</translation>
    </message>
    <message>
        <source>Em aberto neste dia, fora dos totais</source>
        <translation>Open on this day, not in the totals</translation>
    </message>
    <message>
        <source>Diferenças entre este caixa e os sistemas</source>
        <translation>Differences between this till and the systems</translation>
    </message>
    <message>
        <source>Mudou depois do fechamento</source>
        <translation>Changed after the close</translation>
    </message>
    <message>
        <source>Mudanças de dias anteriores, neste fechamento</source>
        <translation>Changes of earlier days, in this close</translation>
    </message>
    <message>
        <source>Dias anteriores que ainda não foram fechados</source>
        <translation>Earlier days that are not closed yet</translation>
    </message>
    <message>
        <source>Falta conferir no sistema: abra no Histórico.</source>
        <translation>To be checked in the system: open it in the history.</translation>
    </message>
    <message>
        <source>Falta decidir: abra no Histórico.</source>
        <translation>To be decided: open it in the history.</translation>
    </message>
    <message>
        <source>Vai sozinho quando houver conexão; o andamento está no Histórico.</source>
        <translation>Goes by itself when there is a connection; the history shows how far it is.</translation>
    </message>
    <message>
        <source>Registro nº {0}</source>
        <translation>Record no. {0}</translation>
    </message>
    <message>
        <source>Não pôde ser lido no disco: chame o suporte.</source>
        <translation>Could not be read from the disk: call support.</translation>
    </message>
    <message>
        <source>Danificado</source>
        <translation>Damaged</translation>
    </message>
    <message>
        <source>registrado depois do fechamento</source>
        <translation>registered after the close</translation>
    </message>
    <message>
        <source>antes: {0}</source>
        <translation>before: {0}</translation>
    </message>
    <message>
        <source>dia {0}</source>
        <translation>day {0}</translation>
    </message>
    <message>
        <source>mudou em {0}</source>
        <translation>changed on {0}</translation>
    </message>
    <message>
        <source>Aberto</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>nº {0}</source>
        <translation>no. {0}</translation>
    </message>
    <message>
        <source>{0} em aberto</source>
        <translation>{0} open</translation>
    </message>
    <message>
        <source>Completo</source>
        <translation>Complete</translation>
    </message>
    <message>
        <source>{0} · pedido {1}</source>
        <translation>{0} · order {1}</translation>
    </message>
    <message>
        <source>Dia</source>
        <translation>Day</translation>
    </message>
    <message>
        <source>Fechados</source>
        <translation>Closed</translation>
    </message>
    <message>
        <source>Gráficos</source>
        <translation>Charts</translation>
    </message>
    <message>
        <source>Perguntas do dono</source>
        <translation>Owner&apos;s questions</translation>
    </message>
    <message>
        <source>Hoje</source>
        <translation>Today</translation>
    </message>
    <message>
        <source>Ontem</source>
        <translation>Yesterday</translation>
    </message>
    <message>
        <source>Fechado em {0} às {1}.</source>
        <translation>Closed on {0} at {1}.</translation>
    </message>
    <message>
        <source>Fechado por {0} em {1} às {2}.</source>
        <translation>Closed by {0} on {1} at {2}.</translation>
    </message>
    <message>
        <source>1 registro em aberto</source>
        <translation>1 open record</translation>
    </message>
    <message>
        <source>{0} registros em aberto</source>
        <translation>{0} open records</translation>
    </message>
    <message>
        <source>1 venda</source>
        <translation>1 sale</translation>
    </message>
    <message>
        <source>{0} vendas</source>
        <translation>{0} sales</translation>
    </message>
    <message>
        <source>1 registro a mais</source>
        <translation>1 more record</translation>
    </message>
    <message>
        <source>{0} registros a mais</source>
        <translation>{0} more records</translation>
    </message>
    <message>
        <source>O registro do fechamento {0} sumiu do histórico.</source>
        <translation>The record of close {0} is gone from the history.</translation>
    </message>
    <message>
        <source>As vendas e devoluções do dia continuam nele.</source>
        <translation>The day’s sales and refunds are still in it.</translation>
    </message>
    <message>
        <source>Feche o dia outra vez, ou chame o suporte: uma cópia do histórico pode ter o registro.</source>
        <translation>Close the day again, or call support: a copy of the history may have the record.</translation>
    </message>
    <message>
        <source>O registro do fechamento {0} foi alterado no disco ou sumiu.</source>
        <translation>The record of close {0} was changed on the disk or is gone.</translation>
    </message>
    <message>
        <source>Ele não é mostrado, nem refeito: um registro refeito não provaria nada.</source>
        <translation>It is neither shown nor made again: a record made again would prove nothing.</translation>
    </message>
    <message>
        <source>Chame o suporte: uma cópia do histórico pode ter o registro certo.</source>
        <translation>Call support: a copy of the history may hold the right record.</translation>
    </message>
    <message>
        <source>O histórico veio de uma cópia, em {0}.</source>
        <translation>The history was put back from a copy on {0}.</translation>
    </message>
    <message>
        <source>Fechamentos feitos entre a cópia e esse momento não estão nele.</source>
        <translation>Closes between the copy and that moment are not in it.</translation>
    </message>
    <message>
        <source>Pedido {0} · {1}</source>
        <translation>Order {0} · {1}</translation>
    </message>
    <message>
        <source>Não encontrado</source>
        <translation>Not found</translation>
    </message>
    <message>
        <source>Devolvido a mais</source>
        <translation>Refunded more</translation>
    </message>
    <message>
        <source>Devolvido a menos</source>
        <translation>Refunded less</translation>
    </message>
    <message>
        <source>Cancelado lá</source>
        <translation>Cancelled there</translation>
    </message>
    <message>
        <source>Não cancelado</source>
        <translation>Not cancelled</translation>
    </message>
    <message>
        <source>Outro total</source>
        <translation>Other total</translation>
    </message>
    <message>
        <source>Outro cliente</source>
        <translation>Other customer</translation>
    </message>
    <message>
        <source>Sem venda</source>
        <translation>No sale</translation>
    </message>
    <message>
        <source>Não conferido</source>
        <translation>Not checked</translation>
    </message>
    <message>
        <source>Registre a venda ou desfaça o benefício em Consultar (F2).</source>
        <translation>Register the sale or undo the reward under Look up (F2).</translation>
    </message>
    <message>
        <source>Abra o pedido e compare.</source>
        <translation>Open the order and compare.</translation>
    </message>
    <message>
        <source>Decida no Histórico.</source>
        <translation>Decide in the history.</translation>
    </message>
    <message>
        <source>Abra o pedido e fale com o suporte: {0}.</source>
        <translation>Open the order and ask support: {0}.</translation>
    </message>
    <message>
        <source>Confira de novo.</source>
        <translation>Check again.</translation>
    </message>
    <message>
        <source>Espere uns minutos e confira de novo.</source>
        <translation>Wait some minutes and check again.</translation>
    </message>
    <message>
        <source>O sistema não tem este pedido.</source>
        <translation>The system has no such order.</translation>
    </message>
    <message>
        <source>Lá foi devolvido mais.</source>
        <translation>More was refunded there.</translation>
    </message>
    <message>
        <source>Lá foi devolvido menos.</source>
        <translation>Less was refunded there.</translation>
    </message>
    <message>
        <source>Lá está cancelado, aqui não.</source>
        <translation>Cancelled there, not here.</translation>
    </message>
    <message>
        <source>Cancelado aqui; lá não está.</source>
        <translation>Cancelled here, not there.</translation>
    </message>
    <message>
        <source>O total é outro.</source>
        <translation>The total differs.</translation>
    </message>
    <message>
        <source>Lá é de outro cliente.</source>
        <translation>It is another customer&apos;s there.</translation>
    </message>
    <message>
        <source>Um benefício foi usado, e a venda não foi registrada.</source>
        <translation>A reward was used, and its sale was not registered.</translation>
    </message>
    <message>
        <source>Não deu para conferir.</source>
        <translation>Could not be checked.</translation>
    </message>
    <message>
        <source>Aqui {0}</source>
        <translation>Here {0}</translation>
    </message>
    <message>
        <source>lá {0}</source>
        <translation>there {0}</translation>
    </message>
    <message>
        <source>Chegaram registros enquanto isso: o dia mudou.</source>
        <translation>Records came meanwhile: the day has changed.</translation>
    </message>
    <message>
        <source>Nada foi fechado.</source>
        <translation>Nothing was closed.</translation>
    </message>
    <message>
        <source>Confira o que há de novo e feche de novo.</source>
        <translation>Look at what is new and close again.</translation>
    </message>
    <message>
        <source>Este dia não pode ser fechado.</source>
        <translation>This day cannot be closed.</translation>
    </message>
    <message>
        <source>Ele ainda não chegou, já está fechado, ou o registro dele está danificado.</source>
        <translation>It has not come yet, is closed already, or its record is damaged.</translation>
    </message>
    <message>
        <source>Para fechar com {0} falta o nome ou o motivo.</source>
        <translation>To close with {0}, the name or the reason is missing.</translation>
    </message>
</context>
<context>
    <name>errors</name>
    <message>
        <source>Só o responsável pode fazer isso, e a lista de pessoas deste caixa não pode ser lida.</source>
        <translation>Only a manager may do that, and this till’s list of people cannot be read.</translation>
    </message>
    <message>
        <source>O dono resolve em Ajustes (F9), “Esqueci o PIN”.</source>
        <translation>The owner puts that right in Settings (F9), “I forgot the PIN”.</translation>
    </message>
    <message>
        <source>Só o responsável pode fazer isso.</source>
        <translation>Only a manager may do that.</translation>
    </message>
    <message>
        <source>Chame o responsável e tente de novo.</source>
        <translation>Call the manager and try again.</translation>
    </message>
    <message>
        <source>Ninguém entrou no caixa.</source>
        <translation>Nobody has signed in at the counter.</translation>
    </message>
    <message>
        <source>Entre com nome e PIN e tente de novo.</source>
        <translation>Sign in with name and PIN and try again.</translation>
    </message>
    <message>
        <source>É o último responsável da lista.</source>
        <translation>That is the last manager on the list.</translation>
    </message>
    <message>
        <source>Inclua antes outro responsável, ou tire antes os caixas.</source>
        <translation>Add another manager first, or take the cashiers off first.</translation>
    </message>
    <message>
        <source>O token e a chave não são os deste caixa.</source>
        <translation>Token and key are not those of this till.</translation>
    </message>
    <message>
        <source>Confira os dois no painel do BonifiQ e tente de novo.</source>
        <translation>Check both in BonifiQ’s panel and try again.</translation>
    </message>
    <message>
        <source>Corrija e tente de novo.</source>
        <translation>Correct it and try again.</translation>
    </message>
    <message>
        <source>Nada mudou.</source>
        <translation>Nothing changed.</translation>
    </message>
    <message>
        <source>Este PIN foi digitado errado vezes demais.</source>
        <translation>This PIN was typed wrong too many times.</translation>
    </message>
    <message>
        <source>Espere {0} min com o programa aberto.</source>
        <translation>Wait {0} min with the program open.</translation>
    </message>
    <message>
        <source>O PIN não confere.</source>
        <translation>The PIN is not right.</translation>
    </message>
    <message>
        <source>Confira o nome e tente de novo.</source>
        <translation>Check the name and try again.</translation>
    </message>
    <message>
        <source>Agora é preciso esperar antes de tentar de novo.</source>
        <translation>Now you have to wait before trying again.</translation>
    </message>
    <message>
        <source>Tentativas que restam antes de esperar: {0}.</source>
        <translation>Tries left before a wait: {0}.</translation>
    </message>
    <message>
        <source>Falta o nome, ou ele é longo demais.</source>
        <translation>The name is missing or too long.</translation>
    </message>
    <message>
        <source>Os dois PINs não são iguais.</source>
        <translation>The two PINs are not the same.</translation>
    </message>
    <message>
        <source>A primeira pessoa da lista precisa ser um responsável.</source>
        <translation>The first person on the list must be a manager.</translation>
    </message>
    <message>
        <source>O PIN precisa de 4 a 8 números, nem todos iguais nem em sequência.</source>
        <translation>The PIN needs 4 to 8 digits, not all the same and not in a row.</translation>
    </message>
    <message>
        <source>Aconteceu algo que o programa não esperava.</source>
        <translation>Something happened that the program did not expect.</translation>
    </message>
    <message>
        <source>O que já estava registrado continua guardado.</source>
        <translation>What was already registered is still kept.</translation>
    </message>
    <message>
        <source>Confira o Histórico (F4) antes de repetir e avise o suporte.</source>
        <translation>Check History (F4) before you repeat it, and tell support.</translation>
    </message>
    <message>
        <source>Nada foi decidido.</source>
        <translation>Nothing was decided.</translation>
    </message>
    <message>
        <source>Ainda é cedo: uma cópia do envio pode chegar ao BonifiQ.</source>
        <translation>It is too early: a copy of the request can still reach BonifiQ.</translation>
    </message>
    <message>
        <source>Isto pode ser decidido a partir de {0}.</source>
        <translation>This can be decided from {0} on.</translation>
    </message>
    <message>
        <source>A decisão precisa do nome de quem decide e de um motivo.</source>
        <translation>The decision needs the name of who decides, and a reason.</translation>
    </message>
    <message>
        <source>Preencha os dois e confirme de novo.</source>
        <translation>Fill in both and confirm again.</translation>
    </message>
    <message>
        <source>Esta venda não pode ser concluída por aqui.</source>
        <translation>This sale cannot be completed from here.</translation>
    </message>
    <message>
        <source>Consulte o pedido de novo (F2): ela pode já estar concluída, cancelada ou mudada.</source>
        <translation>Look the order up again (F2): it may be completed, cancelled or changed by now.</translation>
    </message>
    <message>
        <source>Isto não é um CPF, um CNPJ, um e-mail nem um telefone.</source>
        <translation>This is no CPF, CNPJ, e-mail or phone.</translation>
    </message>
    <message>
        <source>Confira com o cliente e digite de novo.</source>
        <translation>Check with the customer and type it again.</translation>
    </message>
    <message>
        <source>Um registro deste cliente ainda está em andamento.</source>
        <translation>A record of this customer is still under way.</translation>
    </message>
    <message>
        <source>Nada foi apagado.</source>
        <translation>Nothing was erased.</translation>
    </message>
    <message>
        <source>Veja no Histórico (F4) e apague os dados quando ele terminar.</source>
        <translation>See the History (F4) and erase the data when it is done.</translation>
    </message>
    <message>
        <source>A chave que acha os clientes não pôde ser lida neste PC.</source>
        <translation>The key that finds customers could not be read on this PC.</translation>
    </message>
    <message>
        <source>Nada foi apagado nem salvo.</source>
        <translation>Nothing was erased or saved.</translation>
    </message>
    <message>
        <source>Chame o suporte.</source>
        <translation>Call support.</translation>
    </message>
    <message>
        <source>Uma parte do programa parou de funcionar.</source>
        <translation>A part of the program has stopped working.</translation>
    </message>
    <message>
        <source>O que já estava registrado está guardado neste PC e não se perde.</source>
        <translation>What was already registered is kept on this PC and is not lost.</translation>
    </message>
    <message>
        <source>Feche o programa e abra de novo; confira o Histórico (F4) antes de repetir algo.</source>
        <translation>Close the program and open it again; check History (F4) before you repeat anything.</translation>
    </message>
    <message>
        <source>Falta um CPF ou CNPJ válido, um e-mail ou um telefone, para saber de quem são os pontos.</source>
        <translation>A valid CPF or CNPJ, an e-mail or a phone is missing, to know whose points these are.</translation>
    </message>
    <message>
        <source>Falta o nome do cliente.</source>
        <translation>The customer’s name is missing.</translation>
    </message>
    <message>
        <source>Este número de pedido não serve.</source>
        <translation>This order number cannot be used.</translation>
    </message>
    <message>
        <source>O número do pedido parece um CPF, um telefone ou uma chave fiscal.</source>
        <translation>The order number looks like a CPF, a phone number or a fiscal key.</translation>
    </message>
    <message>
        <source>Falta o valor que o cliente pagou.</source>
        <translation>The value the customer paid is missing.</translation>
    </message>
    <message>
        <source>Os itens não somam o total.</source>
        <translation>The items do not add up to the total.</translation>
    </message>
    <message>
        <source>O desconto é maior que os itens.</source>
        <translation>The discount is more than the items.</translation>
    </message>
    <message>
        <source>O e-mail não parece certo.</source>
        <translation>The e-mail does not look right.</translation>
    </message>
    <message>
        <source>O telefone não parece certo: use DDD e número.</source>
        <translation>The phone does not look right: use area code and number.</translation>
    </message>
    <message>
        <source>O item precisa de um nome ou código, de uma quantidade e de um valor.</source>
        <translation>The item needs a name or a code, a quantity and a value.</translation>
    </message>
    <message>
        <source>A data de nascimento não serve: use dia/mês/ano.</source>
        <translation>The birthday cannot be used: type day/month/year.</translation>
    </message>
    <message>
        <source>A data da venda não serve: use dia/mês/ano e hora, e nunca depois de agora.</source>
        <translation>The date of the sale cannot be used: type day/month/year and time, never later than now.</translation>
    </message>
    <message>
        <source>A data da conclusão ou do cancelamento não serve: nem antes da venda, nem depois de agora.</source>
        <translation>The date of completion or cancellation cannot be used: neither before the sale nor later than now.</translation>
    </message>
    <message>
        <source>A informação extra precisa de um nome e de um conteúdo.</source>
        <translation>The information needs a name and a content.</translation>
    </message>
    <message>
        <source>O endereço precisa começar com https://.</source>
        <translation>The address has to begin with https://.</translation>
    </message>
    <message>
        <source>O endereço só pode mudar quando não houver nada pendente.</source>
        <translation>The address can change only when nothing is pending.</translation>
    </message>
    <message>
        <source>O código da loja só pode mudar quando não houver nada pendente.</source>
        <translation>The shop&apos;s code can change only when nothing is pending.</translation>
    </message>
    <message>
        <source>O token e a chave vêm da configuração deste computador, e o endereço deles também.</source>
        <translation>Token and key come from this computer&apos;s configuration, and so does their address.</translation>
    </message>
    <message>
        <source>O limite dos benefícios não serve.</source>
        <translation>The limit for rewards cannot be used.</translation>
    </message>
    <message>
        <source>O limite das devoluções não serve.</source>
        <translation>The refunds’ limit cannot be used.</translation>
    </message>
    <message>
        <source>O tempo até perguntar de novo vai de 1 a 120 minutos.</source>
        <translation>The time until it asks again goes from 1 to 120 minutes.</translation>
    </message>
    <message>
        <source>O nome do caixa usa só letras e números, até 12.</source>
        <translation>The till name takes only letters and digits, 12 at most.</translation>
    </message>
    <message>
        <source>Os dados de clientes ficam de 1 a 3650 dias.</source>
        <translation>Customers&apos; data are kept for 1 to 3650 days.</translation>
    </message>
    <message>
        <source>O endereço dos avisos começa com https:// e termina com # e a chave de quem os publica.</source>
        <translation>The address of the notices begins with https:// and ends with # and the key of whoever publishes them.</translation>
    </message>
    <message>
        <source>Preencha o token e a chave juntos.</source>
        <translation>Fill in the token and the key together.</translation>
    </message>
    <message>
        <source>Este endereço é outro: digite o token e a chave dele.</source>
        <translation>This is another address: type its token and key.</translation>
    </message>
    <message>
        <source>Este endereço não é de um servidor de treinamento.</source>
        <translation>This address is not a training server.</translation>
    </message>
    <message>
        <source>Faltam o token e a chave do servidor de treinamento nas variáveis do sistema.</source>
        <translation>The training server’s token and key are missing from the environment.</translation>
    </message>
    <message>
        <source>A conexão precisa de um nome que nenhuma outra tenha.</source>
        <translation>The connection needs a name that no other one has.</translation>
    </message>
    <message>
        <source>O endereço precisa começar com https:// e, no Mirakl, terminar com .mirakl.net.</source>
        <translation>The address must begin with https:// and, for Mirakl, end with .mirakl.net.</translation>
    </message>
    <message>
        <source>O número da loja é só de algarismos; em branco serve.</source>
        <translation>The shop number has digits only; it may stay empty.</translation>
    </message>
    <message>
        <source>O número do canal é só de algarismos; em branco serve.</source>
        <translation>The channel number has digits only; it may stay empty.</translation>
    </message>
    <message>
        <source>Escolha uma impressora deste PC.</source>
        <translation>Choose a printer of this PC.</translation>
    </message>
    <message>
        <source>Falta o endereço da impressora de rede.</source>
        <translation>The address of the network printer is missing.</translation>
    </message>
    <message>
        <source>A porta da impressora vai de 1 a 65535; a normal é 9100.</source>
        <translation>The printer&apos;s port is from 1 to 65535; the usual one is 9100.</translation>
    </message>
    <message>
        <source>O cofre de senhas deste computador não guarda a senha do banco da loja.</source>
        <translation>This computer&apos;s password store does not keep the shop database&apos;s password.</translation>
    </message>
    <message>
        <source>O treinamento não entra no banco da loja.</source>
        <translation>Practice does not join the shop database.</translation>
    </message>
    <message>
        <source>Este caixa já está no banco da loja.</source>
        <translation>This till is in the shop database already.</translation>
    </message>
    <message>
        <source>O arquivo de ajustes não pôde ser lido.</source>
        <translation>The settings file could not be read.</translation>
    </message>
    <message>
        <source>Um dos campos não pode ser usado.</source>
        <translation>One of the fields cannot be used.</translation>
    </message>
    <message>
        <source>Nada é enviado enquanto isso. Chame o suporte.</source>
        <translation>Nothing is sent meanwhile. Call support.</translation>
    </message>
    <message>
        <source>Se for mesmo o número do pedido, registre de novo; senão, corrija o campo.</source>
        <translation>If it is the order&apos;s number after all, register again; if not, correct the field.</translation>
    </message>
    <message>
        <source>Deixe o endereço como estava, ou chame o suporte.</source>
        <translation>Leave the address as it was, or call support.</translation>
    </message>
    <message>
        <source>Deixe guardá-la num arquivo, e entre de novo; ou chame o suporte.</source>
        <translation>Allow a file for it and join again, or call the support.</translation>
    </message>
    <message>
        <source>Não há nada a fazer aqui.</source>
        <translation>There is nothing to do here.</translation>
    </message>
    <message>
        <source>Corrija o campo marcado e tente de novo.</source>
        <translation>Correct the marked field and try again.</translation>
    </message>
    <message>
        <source>Este pedido tem um registro em andamento: {0}, {1}.</source>
        <translation>This order has a record that is not finished: {0}, {1}.</translation>
    </message>
    <message>
        <source>O responsável precisa decidir antes, no Histórico (F4).</source>
        <translation>Whoever is responsible has to decide first, in History (F4).</translation>
    </message>
    <message>
        <source>Espere terminar, acontece sozinho; o andamento aparece no Histórico (F4).</source>
        <translation>Wait for it to finish, it happens by itself; its progress is in History (F4).</translation>
    </message>
    <message>
        <source>Isto já estava registrado: {0}, {1}.</source>
        <translation>This was registered already: {0}, {1}.</translation>
    </message>
    <message>
        <source>Nada foi registrado de novo.</source>
        <translation>Nothing was registered again.</translation>
    </message>
    <message>
        <source>Confira no Histórico (F4).</source>
        <translation>Check in History (F4).</translation>
    </message>
    <message>
        <source>Não se sabe se o registro foi gravado neste PC.</source>
        <translation>It is not known whether this was saved on this PC.</translation>
    </message>
    <message>
        <source>Se foi, será enviado sozinho.</source>
        <translation>If it was, it will be sent by itself.</translation>
    </message>
    <message>
        <source>Confira no Histórico (F4) antes de repetir.</source>
        <translation>Check in History (F4) before you repeat it.</translation>
    </message>
    <message>
        <source>Já existe um pedido com este número.</source>
        <translation>There is already an order with this number.</translation>
    </message>
    <message>
        <source>Confira o pedido (F2) ou deixe o número em branco.</source>
        <translation>Check the order (F2), or leave the number blank.</translation>
    </message>
    <message>
        <source>Este registro mudou enquanto isso.</source>
        <translation>This record has changed in the meantime.</translation>
    </message>
    <message>
        <source>Este comando não mudou nada.</source>
        <translation>This command changed nothing.</translation>
    </message>
    <message>
        <source>Veja a situação atual no Histórico (F4).</source>
        <translation>See its status now in History (F4).</translation>
    </message>
    <message>
        <source>O arquivo foi deixado como está. O responsável decide o que usar agora.</source>
        <translation>The file was left as it is. Whoever is responsible decides what to use now.</translation>
    </message>
    <message>
        <source>O histórico foi gravado por uma versão mais nova do programa.</source>
        <translation>The history was saved by a newer version of the program.</translation>
    </message>
    <message>
        <source>Instale a versão mais nova do BonifiQ Desktop.</source>
        <translation>Install the newest version of BonifiQ Desktop.</translation>
    </message>
    <message>
        <source>O arquivo do histórico é de outro programa.</source>
        <translation>The history file belongs to another program.</translation>
    </message>
    <message>
        <source>Um registro não pôde ser lido no histórico deste PC.</source>
        <translation>One record in this PC&apos;s history could not be read.</translation>
    </message>
    <message>
        <source>Os outros registros continuam em uso. Chame o suporte.</source>
        <translation>The other records stay in use. Call support.</translation>
    </message>
    <message>
        <source>O arquivo do histórico está danificado.</source>
        <translation>The history file is damaged.</translation>
    </message>
    <message>
        <source>O arquivo do histórico deste caixa sumiu.</source>
        <translation>This till&apos;s history file is gone.</translation>
    </message>
    <message>
        <source>Nenhum foi criado no lugar. O responsável decide o que usar agora.</source>
        <translation>None was made in its place. Whoever is responsible decides what to use now.</translation>
    </message>
    <message>
        <source>O arquivo do histórico não é o mais novo deste caixa.</source>
        <translation>The history file is not this till&apos;s newest one.</translation>
    </message>
    <message>
        <source>O histórico deste caixa vem de outro computador.</source>
        <translation>This till&apos;s history comes from another computer.</translation>
    </message>
    <message>
        <source>O responsável diz se o caixa mudou de computador ou se isto é uma cópia.</source>
        <translation>The person in charge says whether the till moved to this computer or this is a copy.</translation>
    </message>
    <message>
        <source>O histórico está numa pasta da rede e pode se estragar.</source>
        <translation>The history is in a network folder and may get damaged.</translation>
    </message>
    <message>
        <source>O histórico está numa pasta sincronizada, como o OneDrive, e pode se estragar.</source>
        <translation>The history is in a synchronised folder, such as OneDrive, and may get damaged.</translation>
    </message>
    <message>
        <source>Chame o suporte: a pasta de dados precisa ficar num disco deste PC.</source>
        <translation>Call support: the data folder must be on a disk of this PC.</translation>
    </message>
    <message>
        <source>O histórico não pôde ser gravado neste PC.</source>
        <translation>The history could not be saved on this PC.</translation>
    </message>
    <message>
        <source>Veja se o disco está cheio ou protegido e tente de novo.</source>
        <translation>See whether the disk is full or write-protected, and try again.</translation>
    </message>
    <message>
        <source>Confira o número no cupom fiscal e digite de novo.</source>
        <translation>Check the number on the receipt and type it again.</translation>
    </message>
    <message>
        <source>Este caixa ainda não está conectado ao BonifiQ.</source>
        <translation>This till is not connected to BonifiQ yet.</translation>
    </message>
    <message>
        <source>Peça ao responsável para preencher o token e a chave em Ajustes (F9).</source>
        <translation>Ask the manager to fill in the token and the key in Settings (F9).</translation>
    </message>
    <message>
        <source>O BonifiQ não encontrou este pedido.</source>
        <translation>BonifiQ did not find this order.</translation>
    </message>
    <message>
        <source>Confira o número no cupom fiscal. Uma venda recente pode ainda não ter chegado lá.</source>
        <translation>Check the number on the receipt. A recent sale may not have arrived there yet.</translation>
    </message>
    <message>
        <source>O BonifiQ recusou a consulta.</source>
        <translation>BonifiQ refused the look-up.</translation>
    </message>
    <message>
        <source>Nada mudou. Confira o número ou tente de novo daqui a pouco.</source>
        <translation>Nothing changed. Check the number, or try again in a little while.</translation>
    </message>
    <message>
        <source>Isto parece um CPF: aqui vai o número do pedido.</source>
        <translation>This looks like a CPF: the order number goes here.</translation>
    </message>
    <message>
        <source>Isto parece um CNPJ: aqui vai o número do pedido.</source>
        <translation>This looks like a CNPJ: the order number goes here.</translation>
    </message>
    <message>
        <source>Isto parece um telefone: aqui vai o número do pedido.</source>
        <translation>This looks like a phone number: the order number goes here.</translation>
    </message>
    <message>
        <source>Isto parece um e-mail: aqui vai o número do pedido.</source>
        <translation>This looks like an e-mail: the order number goes here.</translation>
    </message>
    <message>
        <source>Esta é a chave de um cupom fiscal, não o número do pedido.</source>
        <translation>This is the key of a fiscal receipt, not the order number.</translation>
    </message>
    <message>
        <source>Nada mudou: foi só uma consulta.</source>
        <translation>Nothing changed: this was only a look-up.</translation>
    </message>
    <message>
        <source>erro {0}</source>
        <translation>error {0}</translation>
    </message>
    <message>
        <source>O BonifiQ disse: “{0}”</source>
        <translation>BonifiQ said: “{0}”</translation>
    </message>
    <message>
        <source>Sem conexão com o BonifiQ.</source>
        <translation>No connection to BonifiQ.</translation>
    </message>
    <message>
        <source>O BonifiQ demorou demais para responder.</source>
        <translation>BonifiQ took too long to answer.</translation>
    </message>
    <message>
        <source>A conexão caiu antes da resposta.</source>
        <translation>The connection was lost before the answer.</translation>
    </message>
    <message>
        <source>A resposta não veio do BonifiQ ou não pôde ser lida.</source>
        <translation>The answer did not come from BonifiQ or could not be read.</translation>
    </message>
    <message>
        <source>A resposta falava de outro pedido.</source>
        <translation>The answer was about another order.</translation>
    </message>
    <message>
        <source>A resposta era grande demais para ser do BonifiQ.</source>
        <translation>The answer was too big to be from BonifiQ.</translation>
    </message>
    <message>
        <source>A rede desviou a chamada para outro endereço.</source>
        <translation>The network sent the request to another address.</translation>
    </message>
    <message>
        <source>O BonifiQ não aceitou o token e a chave deste caixa.</source>
        <translation>BonifiQ did not accept the token and the key of this till.</translation>
    </message>
    <message>
        <source>O BonifiQ não deixa o usuário deste caixa fazer isto.</source>
        <translation>BonifiQ does not let this till&apos;s user do this.</translation>
    </message>
    <message>
        <source>O BonifiQ pediu para esperar um pouco.</source>
        <translation>BonifiQ asked to wait a little.</translation>
    </message>
    <message>
        <source>O BonifiQ está com problemas.</source>
        <translation>BonifiQ is having trouble.</translation>
    </message>
    <message>
        <source>A resposta veio sem resultado.</source>
        <translation>The answer came without a result.</translation>
    </message>
    <message>
        <source>A resposta veio de um jeito inesperado.</source>
        <translation>The answer was not of the expected kind.</translation>
    </message>
    <message>
        <source>O programa foi fechado antes da resposta.</source>
        <translation>The program was closed before the answer.</translation>
    </message>
    <message>
        <source>O BonifiQ respondeu que não, sem dizer o que valeu.</source>
        <translation>BonifiQ answered no, without saying what was applied.</translation>
    </message>
    <message>
        <source>O BonifiQ ainda está processando a tentativa anterior.</source>
        <translation>BonifiQ is still processing the earlier attempt.</translation>
    </message>
    <message>
        <source>O certificado do endereço não pôde ser confirmado.</source>
        <translation>The certificate of the address could not be verified.</translation>
    </message>
    <message>
        <source>Outro caixa está com este pedido; nada saiu daqui.</source>
        <translation>Another till has this order; nothing was sent from here.</translation>
    </message>
    <message>
        <source>Confira a internet e tente de novo.</source>
        <translation>Check the internet and try again.</translation>
    </message>
    <message>
        <source>Confira a data e a hora deste PC. Um antivírus que inspeciona as conexões também causa isto: chame o suporte.</source>
        <translation>Check the date and time of this PC. An antivirus that inspects connections causes this, too: call support.</translation>
    </message>
    <message>
        <source>Peça ao responsável para conferir os direitos deste usuário lá.</source>
        <translation>Ask the manager to check this user&apos;s rights there.</translation>
    </message>
    <message>
        <source>Peça ao responsável para conferir token e chave em Ajustes (F9).</source>
        <translation>Ask the manager to check the token and the key in Settings (F9).</translation>
    </message>
    <message>
        <source>Veja se a internet da loja pede login ou se o endereço em Ajustes (F9) está certo.</source>
        <translation>See whether the shop’s internet asks for a login, or whether the address in Settings (F9) is right.</translation>
    </message>
    <message>
        <source>Espere um minuto e tente de novo.</source>
        <translation>Wait a minute and try again.</translation>
    </message>
    <message>
        <source>Nada foi registrado nem enviado.</source>
        <translation>Nothing was registered or sent.</translation>
    </message>
    <message>
        <source>O relógio deste PC está errado: marca {0}, e no BonifiQ são {1}.</source>
        <translation>This PC’s clock is wrong: it shows {0}, and at BonifiQ it is {1}.</translation>
    </message>
    <message>
        <source>O relógio deste PC parece errado: marca {0}, antes de {1}, que já passou.</source>
        <translation>This PC’s clock seems wrong: it shows {0}, before {1}, which is past.</translation>
    </message>
    <message>
        <source>Acerte a data e a hora do computador e registre de novo, ou registre assim mesmo.</source>
        <translation>Set the computer’s date and time and register again, or register it as it is.</translation>
    </message>
    <message>
        <source>O cofre de senhas deste computador não responde.</source>
        <translation>This computer’s password store does not answer.</translation>
    </message>
    <message>
        <source>Feche o programa e abra de novo; se continuar, digite o token e a chave em Ajustes (F9).</source>
        <translation>Close the program and open it again; if it stays so, type the token and key in Settings (F9).</translation>
    </message>
    <message>
        <source>A chave do BonifiQ guardada neste PC não pôde ser lida.</source>
        <translation>The BonifiQ key kept on this PC could not be read.</translation>
    </message>
    <message>
        <source>Digite o token e a chave de novo em Ajustes (F9).</source>
        <translation>Type the token and the key again in Settings (F9).</translation>
    </message>
    <message>
        <source>Escolha outra pasta: esta é a do próprio programa.</source>
        <translation>Choose another folder: this is the program&apos;s own.</translation>
    </message>
    <message>
        <source>Nada foi salvo.</source>
        <translation>Nothing was saved.</translation>
    </message>
    <message>
        <source>Este arquivo está aberto em outro programa, ou protegido.</source>
        <translation>This file is open in another program, or protected.</translation>
    </message>
    <message>
        <source>Feche-o lá (no Excel, por exemplo) ou escolha outro nome.</source>
        <translation>Close it there (in Excel, for example) or choose another name.</translation>
    </message>
    <message>
        <source>Não foi possível gravar neste PC.</source>
        <translation>It could not be saved on this PC.</translation>
    </message>
    <message>
        <source>Este pedido já está cancelado por inteiro.</source>
        <translation>The whole of this order is already cancelled.</translation>
    </message>
    <message>
        <source>Não há mais nada a devolver nele.</source>
        <translation>There is nothing left to refund on it.</translation>
    </message>
    <message>
        <source>O valor passa do que ainda pode ser devolvido.</source>
        <translation>The value is more than can still be refunded.</translation>
    </message>
    <message>
        <source>Ainda pode devolver até {0}.</source>
        <translation>You can still refund up to {0}.</translation>
    </message>
    <message>
        <source>Marque só o que volta agora, ou digite o valor e o motivo.</source>
        <translation>Tick only what comes back now, or type the value and the reason.</translation>
    </message>
    <message>
        <source>Os itens marcados não somam o valor a devolver.</source>
        <translation>The ticked items do not add up to the value to refund.</translation>
    </message>
    <message>
        <source>Este item já foi devolvido: {0}.</source>
        <translation>This item has been returned already: {0}.</translation>
    </message>
    <message>
        <source>Do item {0} ainda pode devolver até {1}.</source>
        <translation>For the item {0} you can still refund up to {1}.</translation>
    </message>
    <message>
        <source>A outra versão do programa não está mais aqui, ou não lê o histórico de agora.</source>
        <translation>The other version of the program is gone, or cannot read the present history.</translation>
    </message>
    <message>
        <source>Chame o suporte se esta versão não servir.</source>
        <translation>Call support if this version does not do.</translation>
    </message>
    <message>
        <source>Se for mesmo o número de um pedido, aperte Ctrl+Enter; senão, digite o número certo.</source>
        <translation>If it really is an order number, press Ctrl+Enter; if not, type the right number.</translation>
    </message>
    <message>
        <source>Parado.</source>
        <translation>Stopped.</translation>
    </message>
    <message>
        <source>Nada foi gravado nem mudado.</source>
        <translation>Nothing was written or changed.</translation>
    </message>
    <message>
        <source>Esta chave é de outra loja: não encontra os pedidos da devolução em andamento.</source>
        <translation>This key belongs to another shop: it does not find the orders of the unfinished return.</translation>
    </message>
    <message>
        <source>Há uma devolução em andamento nesta conexão, que só termina no endereço e na loja em que foi feita.</source>
        <translation>A return is under way in this connection; it can end only at the address and in the shop where it was made.</translation>
    </message>
</context>
<context>
    <name>formats</name>
    <message>
        <source>Venda</source>
        <translation>Sale</translation>
    </message>
    <message>
        <source>Devolução</source>
        <translation>Refund</translation>
    </message>
    <message>
        <source>Cancelamento</source>
        <translation>Cancellation</translation>
    </message>
    <message>
        <source>Aguardando envio</source>
        <translation>Waiting to be sent</translation>
    </message>
    <message>
        <source>Enviando</source>
        <translation>Sending</translation>
    </message>
    <message>
        <source>Sendo confirmada</source>
        <translation>Being confirmed</translation>
    </message>
    <message>
        <source>Precisa de decisão</source>
        <translation>Needs a decision</translation>
    </message>
    <message>
        <source>Confirmada</source>
        <translation>Confirmed</translation>
    </message>
    <message>
        <source>Recusada</source>
        <translation>Refused</translation>
    </message>
    <message>
        <source>Desistida</source>
        <translation>Given up</translation>
    </message>
    <message>
        <source>Não aconteceu</source>
        <translation>Did not happen</translation>
    </message>
    <message>
        <source>{0} (conferir)</source>
        <translation>{0} (check)</translation>
    </message>
    <message>
        <source>pedido não encontrado</source>
        <translation>order not found</translation>
    </message>
    <message>
        <source>pedido cancelado</source>
        <translation>order cancelled</translation>
    </message>
    <message>
        <source>pedido não cancelado, total de {0}</source>
        <translation>order not cancelled, total {0}</translation>
    </message>
    <message>
        <source>Cancelado</source>
        <translation>Cancelled</translation>
    </message>
    <message>
        <source>Iniciado</source>
        <translation>Started</translation>
    </message>
    <message>
        <source>Pendente</source>
        <translation>Pending</translation>
    </message>
    <message>
        <source>Concluído</source>
        <translation>Completed</translation>
    </message>
    <message>
        <source>Ignorado</source>
        <translation>Ignored</translation>
    </message>
    <message>
        <source>Situação não informada</source>
        <translation>Status not given</translation>
    </message>
    <message>
        <source>Cliente não informado</source>
        <translation>Customer not given</translation>
    </message>
    <message>
        <source>1 ponto</source>
        <translation>1 point</translation>
    </message>
    <message>
        <source>{0} pontos</source>
        <translation>{0} points</translation>
    </message>
    <message>
        <source>{0} de cashback</source>
        <translation>{0} cashback</translation>
    </message>
    <message>
        <source>há menos de 1 min</source>
        <translation>less than 1 min ago</translation>
    </message>
    <message>
        <source>há {0} min</source>
        <translation>{0} min ago</translation>
    </message>
    <message>
        <source>há {0} h</source>
        <translation>{0} h ago</translation>
    </message>
    <message>
        <source>há 1 dia</source>
        <translation>1 day ago</translation>
    </message>
    <message>
        <source>há {0} dias</source>
        <translation>{0} days ago</translation>
    </message>
    <message>
        <source>Uso de benefício</source>
        <translation>Reward use</translation>
    </message>
    <message>
        <source>Desfazer benefício</source>
        <translation>Undo of reward</translation>
    </message>
    <message>
        <source>Cliente sem nome</source>
        <translation>Customer without a name</translation>
    </message>
    <message>
        <source>Esta venda não gera pontos nem cashback.</source>
        <translation>This sale earns no points and no cashback.</translation>
    </message>
    <message>
        <source> e </source>
        <translation> and </translation>
    </message>
    <message>
        <source>O cliente deve ganhar {0} (estimativa do BonifiQ).</source>
        <translation>The customer should earn {0} (BonifiQ’s estimate).</translation>
    </message>
    <message>
        <source>Conclusão de venda</source>
        <translation>Completion</translation>
    </message>
</context>
<context>
    <name>forms</name>
    <message>
        <source>Não coube: aqui vão até {0} letras. Nada foi colado nem cortado.</source>
        <translation>It did not fit: at most {0} characters go here. Nothing was pasted or cut.</translation>
    </message>
</context>
<context>
    <name>legs</name>
    <message>
        <source>{0} (estimado)</source>
        <translation>{0} (estimated)</translation>
    </message>
    <message>
        <source>{0}: ainda não se sabe se valeu. Sendo conferido…</source>
        <translation>{0}: not known yet whether it counted. Being checked…</translation>
    </message>
    <message>
        <source>O programa lê os registros de lá antes de qualquer repetição. Não registre de novo.</source>
        <translation>The program reads the records there before any repeat. Do not register it again.</translation>
    </message>
    <message>
        <source>{0}: uma pessoa precisa decidir.</source>
        <translation>{0}: a person must decide.</translation>
    </message>
    <message>
        <source>Não faça de novo nem pague na gaveta antes da decisão, no Histórico (F4).</source>
        <translation>Do not repeat it or pay from the drawer before the decision, in the History (F4).</translation>
    </message>
    <message>
        <source>{0} aceitou a devolução de {1}.</source>
        <translation>{0} accepted the return of {1}.</translation>
    </message>
    <message>
        <source>O dinheiro sai por {0}: não pague na gaveta.</source>
        <translation>The money goes out through {0}: do not pay from the drawer.</translation>
    </message>
    <message>
        <source>{0} recusou: o dinheiro não foi devolvido por lá.</source>
        <translation>{0} refused: no money was refunded there.</translation>
    </message>
    <message>
        <source>Confira o pedido no portal e resolva por lá, ou devolva de novo.</source>
        <translation>Check the order in the portal and settle it there, or return it again.</translation>
    </message>
    <message>
        <source>{0}: desistência registrada, nada foi enviado.</source>
        <translation>{0}: withdrawn, nothing was sent.</translation>
    </message>
    <message>
        <source>{0}: fechado como não feito, o dinheiro não saiu por lá.</source>
        <translation>{0}: closed as not done, no money went out there.</translation>
    </message>
    <message>
        <source>{0}: registrado neste PC, aguardando o envio.</source>
        <translation>{0}: registered on this PC, waiting to be sent.</translation>
    </message>
    <message>
        <source>Vai sozinho quando der. Não registre de novo nem pague na gaveta.</source>
        <translation>It goes by itself when it can. Do not register it again or pay from the drawer.</translation>
    </message>
    <message>
        <source>{0}: registrado neste PC. Enviando {1}…</source>
        <translation>{0}: registered on this PC. Sending {1}…</translation>
    </message>
    <message>
        <source>Não pague na gaveta: {0} devolve.</source>
        <translation>Do not pay from the drawer: {0} refunds it.</translation>
    </message>
    <message>
        <source>BonifiQ: o estorno de {0} espera o dinheiro.</source>
        <translation>BonifiQ: taking back {0} waits for the money.</translation>
    </message>
    <message>
        <source>Vai sozinho quando todas as outras partes forem aceitas.</source>
        <translation>It goes by itself when all other parts are accepted.</translation>
    </message>
    <message>
        <source>BonifiQ: dinheiro não devolvido, pontos mantidos.</source>
        <translation>BonifiQ: money not refunded, points kept.</translation>
    </message>
    <message>
        <source>O outro sistema não devolveu o dinheiro, ou isso foi desfeito.</source>
        <translation>The other system refunded no money, or that was undone.</translation>
    </message>
    <message>
        <source>Uma pessoa decide no Histórico (F4): estornar os pontos assim mesmo, ou mantê-los.</source>
        <translation>A person decides in the History (F4): take the points back all the same, or keep them.</translation>
    </message>
    <message>
        <source>O dinheiro não foi devolvido pelo outro sistema, por isso os pontos foram mantidos.</source>
        <translation>The other system refunded no money, so the points were kept.</translation>
    </message>
    <message>
        <source>{0} não mostra nenhum rastro deste envio, e repetir poderia valer duas vezes.</source>
        <translation>{0} shows no trace of this request, and a repeat could count twice.</translation>
    </message>
    <message>
        <source>Os registros de {0} não combinam com este envio: pode haver outro igual, ou só uma parte valeu.</source>
        <translation>The records of {0} do not match this request: there may be another equal one, or only a part counted.</translation>
    </message>
    <message>
        <source>O pedido em {0} não está mais como foi visto aqui; nada foi enviado ainda.</source>
        <translation>The order in {0} is no longer as it was seen here; nothing was sent yet.</translation>
    </message>
    <message>
        <source>{0} recusou a repetição; a primeira tentativa pode ter valido.</source>
        <translation>{0} refused the repeat; the first attempt may have counted.</translation>
    </message>
    <message>
        <source>{0} recusou, mas o envio pode ter valido.</source>
        <translation>{0} refused, but the request may have counted.</translation>
    </message>
    <message>
        <source>{0} não deu resposta clara depois de muitas tentativas.</source>
        <translation>{0} gave no clear answer after many attempts.</translation>
    </message>
    <message>
        <source>{0} respondeu duas vezes que não, sem dizer se alguma tentativa valeu.</source>
        <translation>{0} said no twice, without saying whether an attempt counted.</translation>
    </message>
    <message>
        <source>O histórico foi recuperado de uma cópia; este registro pode ter sido enviado depois dela.</source>
        <translation>The history was restored from a copy; this record may have been sent after it was made.</translation>
    </message>
    <message>
        <source>Este registro não pode ser enviado por este PC.</source>
        <translation>This record cannot be sent from this PC.</translation>
    </message>
    <message>
        <source>Confira em {0} o que valeu.</source>
        <translation>Check in {0} what counted.</translation>
    </message>
    <message>
        <source>{0} disse: “{1}”</source>
        <translation>{0} said: “{1}”</translation>
    </message>
    <message>
        <source>Aceita; esperando a confirmação dos impostos.</source>
        <translation>Accepted; waiting for the taxes to be confirmed.</translation>
    </message>
    <message>
        <source>Aceita; o estorno ainda não saiu.</source>
        <translation>Accepted; the refund has not gone out yet.</translation>
    </message>
    <message>
        <source>Estornada: o dinheiro já saiu por lá.</source>
        <translation>Refunded: the money has gone out there.</translation>
    </message>
    <message>
        <source>Aceita; o cancelamento está em andamento.</source>
        <translation>Accepted; the cancellation is under way.</translation>
    </message>
    <message>
        <source>Cancelada lá; o estorno pode demorar.</source>
        <translation>Cancelled there; the refund may take a while.</translation>
    </message>
    <message>
        <source>Aceita; o estorno pode demorar.</source>
        <translation>Accepted; the refund may take a while.</translation>
    </message>
    <message>
        <source>Aceita; situação lá: {0}.</source>
        <translation>Accepted; state there: {0}.</translation>
    </message>
    <message>
        <source>Devolução desfeita: nada foi enviado.</source>
        <translation>Return undone: nothing was sent.</translation>
    </message>
    <message>
        <source>Espere, por favor: uma parte da devolução precisa ser conferida.</source>
        <translation>Please wait: a part of the return must be checked.</translation>
    </message>
    <message>
        <source>Devolução registrada, ainda sem confirmação. Não precisa esperar.</source>
        <translation>Return registered, not confirmed yet. There is no need to wait.</translation>
    </message>
    <message>
        <source>Devolução aceita. O dinheiro volta por {0}, pela forma de pagamento da compra.</source>
        <translation>Return accepted. The money comes back through {0}, the way the purchase was paid.</translation>
    </message>
    <message>
        <source>Devolução registrada. O dinheiro volta por {0}.</source>
        <translation>Return registered. The money comes back through {0}.</translation>
    </message>
    <message>
        <source>{0} e {1}</source>
        <translation>{0} and {1}</translation>
    </message>
</context>
<context>
    <name>lookup</name>
    <message>
        <source>hoje {0}</source>
        <translation>today {0}</translation>
    </message>
    <message>
        <source>ontem {0}</source>
        <translation>yesterday {0}</translation>
    </message>
    <message>
        <source>{0}, há {1} dias</source>
        <translation>{0}, {1} days ago</translation>
    </message>
    <message>
        <source>Devolução</source>
        <translation>Refund</translation>
    </message>
    <message>
        <source>Cancelamento</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>Venda começada</source>
        <translation>Sale begun</translation>
    </message>
    <message>
        <source>Devolução do pedido {0}</source>
        <translation>Refund of order {0}</translation>
    </message>
    <message>
        <source>Cancelamento do pedido {0}</source>
        <translation>Cancel of order {0}</translation>
    </message>
    <message>
        <source>Decisão do pedido {0}</source>
        <translation>Decision on order {0}</translation>
    </message>
    <message>
        <source>Sem venda</source>
        <translation>No sale</translation>
    </message>
    <message>
        <source>Só desfazer</source>
        <translation>Undo only</translation>
    </message>
    <message>
        <source>Benefício usado sem venda: {0}</source>
        <translation>Reward redeemed without a sale: {0}</translation>
    </message>
    <message>
        <source>Devolvido {0}</source>
        <translation>Returned {0}</translation>
    </message>
    <message>
        <source>Em parte</source>
        <translation>In part</translation>
    </message>
    <message>
        <source>Devolvido</source>
        <translation>Returned</translation>
    </message>
    <message>
        <source>Se for mesmo o número de um pedido, aperte Ctrl+Enter.</source>
        <translation>If it really is an order number, press Ctrl+Enter.</translation>
    </message>
    <message>
        <source>Nenhum pedido deste CPF passou por este caixa.</source>
        <translation>No order of this CPF passed through this till.</translation>
    </message>
    <message>
        <source>Nenhum pedido deste CNPJ passou por este caixa.</source>
        <translation>No order of this CNPJ passed through this till.</translation>
    </message>
    <message>
        <source>Nenhum pedido deste telefone passou por este caixa.</source>
        <translation>No order of this phone passed through this till.</translation>
    </message>
    <message>
        <source>Nenhum pedido deste e-mail passou por este caixa.</source>
        <translation>No order of this e-mail passed through this till.</translation>
    </message>
    <message>
        <source>F5 mostra o saldo do cliente.</source>
        <translation>F5 shows the customer&apos;s balance.</translation>
    </message>
    <message>
        <source>Esta é a chave de um cupom fiscal que este caixa não conhece.</source>
        <translation>This is the key of a fiscal receipt that this till does not know.</translation>
    </message>
    <message>
        <source>Digite o número do pedido que está no cupom.</source>
        <translation>Type the order number that is on the receipt.</translation>
    </message>
    <message>
        <source>Nada encontrado neste caixa para “{0}”.</source>
        <translation>Nothing found at this till for “{0}”.</translation>
    </message>
    <message>
        <source>Aqui aparece só o que passou por este caixa.</source>
        <translation>Only what passed through this till is shown here.</translation>
    </message>
    <message>
        <source>Aqui aparece só o que passou pelos caixas da loja. {0}.</source>
        <translation>Only what passed through the shop&apos;s tills appears here. {0}.</translation>
    </message>
    <message>
        <source>Se for o número de um pedido, aperte Ctrl+Enter.</source>
        <translation>If it is the number of an order, press Ctrl+Enter.</translation>
    </message>
    <message>
        <source>O leitor funciona: este é o código da página de teste deste caixa.</source>
        <translation>The scanner works: this is the code of this till’s test page.</translation>
    </message>
    <message>
        <source>Este é o número de um comprovante de outro caixa.</source>
        <translation>This is the number of a slip of another till.</translation>
    </message>
    <message>
        <source>Consulte-o no caixa que o imprimiu, ou digite o número do pedido que está nele.</source>
        <translation>Look it up at the till that printed it, or type the order number on it.</translation>
    </message>
    <message>
        <source>Este comprovante é deste caixa, mas o histórico não tem mais o registro dele.</source>
        <translation>This slip is of this till, but the history no longer holds its entry.</translation>
    </message>
    <message>
        <source>Digite o número do pedido que está no papel.</source>
        <translation>Type the order number on the paper.</translation>
    </message>
</context>
<context>
    <name>obstacles</name>
    <message>
        <source>A loja ainda não aceitou este pedido: recuse-o no portal.</source>
        <translation>The shop has not accepted this order yet: refuse it in the portal.</translation>
    </message>
    <message>
        <source>A situação do pedido não permite devolver por aqui.</source>
        <translation>The state of the order allows no return from here.</translation>
    </message>
    <message>
        <source>Já há uma devolução aberta lá: resolva no portal.</source>
        <translation>A return is open there already: settle it in the portal.</translation>
    </message>
    <message>
        <source>Há uma reclamação aberta lá: resolva no portal.</source>
        <translation>An incident is open there: settle it in the portal.</translation>
    </message>
    <message>
        <source>O pedido já foi encerrado lá: fale com o suporte de lá.</source>
        <translation>The order is closed there: talk to their support.</translation>
    </message>
    <message>
        <source>Já foi tudo devolvido ou cancelado lá.</source>
        <translation>Everything was returned or cancelled there already.</translation>
    </message>
    <message>
        <source>Um cancelamento ou estorno está em andamento lá: espere terminar.</source>
        <translation>A cancellation or refund is under way there: wait until it is finished.</translation>
    </message>
    <message>
        <source>Lá a loja não pode cancelar itens: peça no portal.</source>
        <translation>The shop may not cancel items there: ask for it in the portal.</translation>
    </message>
    <message>
        <source>Este motivo ainda não tem código lá.</source>
        <translation>This reason has no code there yet.</translation>
    </message>
    <message>
        <source>Parte foi cancelada e parte devolvida: lá não dá para juntar as duas.</source>
        <translation>A part was cancelled and a part returned: both cannot be joined there.</translation>
    </message>
    <message>
        <source>Lá só dá para devolver o pedido inteiro: marque tudo.</source>
        <translation>Only the whole order can be returned there: tick everything.</translation>
    </message>
    <message>
        <source>Lá o valor é calculado pelo sistema: devolva unidades inteiras.</source>
        <translation>The system there computes the value: return whole units.</translation>
    </message>
    <message>
        <source>Os impostos deste pedido não são conhecidos: faça no portal.</source>
        <translation>The taxes of this order are not known: do it in the portal.</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}: {1}</translation>
    </message>
    <message>
        <source>A conexão não está pronta: veja Ajustes (F9).</source>
        <translation>The connection is not ready: see Settings (F9).</translation>
    </message>
    <message>
        <source>Não deu para preparar esta parte.</source>
        <translation>This part could not be prepared.</translation>
    </message>
    <message>
        <source>Esta devolução não pode ser feita por aqui.</source>
        <translation>This return cannot be made from here.</translation>
    </message>
    <message>
        <source>Esta conexão não existe mais neste caixa.</source>
        <translation>This connection no longer exists on this till.</translation>
    </message>
    <message>
        <source>Veja as conexões em Ajustes (F9).</source>
        <translation>See the connections in Settings (F9).</translation>
    </message>
    <message>
        <source>Não há nada a devolver nesta escolha.</source>
        <translation>There is nothing to return in this choice.</translation>
    </message>
    <message>
        <source>Consulte o pedido de novo (F2).</source>
        <translation>Look the order up again (F2).</translation>
    </message>
</context>
<context>
    <name>operations</name>
    <message>
        <source>Desistência registrada: nada foi enviado.</source>
        <translation>Given up: nothing was sent.</translation>
    </message>
    <message>
        <source>Fechado como não feito.</source>
        <translation>Closed as not done.</translation>
    </message>
    <message>
        <source>O BonifiQ mostra outra coisa: alguém precisa conferir.</source>
        <translation>BonifiQ shows something else: somebody has to check.</translation>
    </message>
    <message>
        <source>Confira no painel do BonifiQ e depois aperte “Já verifiquei”, no Histórico (F4).</source>
        <translation>Check in the BonifiQ dashboard, then press “I have checked” in History (F4).</translation>
    </message>
    <message>
        <source>Esta venda estava confirmada, e agora o BonifiQ não encontra o pedido, ou mostra nele a venda de outro caixa. O cliente pode estar sem os pontos.</source>
        <translation>This sale was confirmed, and now BonifiQ does not find the order, or shows another till&apos;s sale in it. The customer may be without the points.</translation>
    </message>
    <message>
        <source>Esta venda está fechada como não feita, e o BonifiQ tem um pedido com este número e este valor. O cliente pode ter ganhado os pontos.</source>
        <translation>This sale is closed as not done, and BonifiQ has an order with this number and this value. The customer may have earned the points.</translation>
    </message>
    <message>
        <source>Este cancelamento estava confirmado, e agora o BonifiQ mostra o pedido sem cancelar. Os pontos podem não ter sido estornados.</source>
        <translation>This cancellation was confirmed, and now BonifiQ shows the order as not cancelled. The points may not have been taken back.</translation>
    </message>
    <message>
        <source>Este cancelamento está fechado como não feito, e o BonifiQ mostra o pedido cancelado. Os pontos podem ter sido estornados, por aqui, por outro caixa ou no painel.</source>
        <translation>This cancellation is closed as not done, and BonifiQ shows the order as cancelled. The points may have been taken back, from here, by another till or in the dashboard.</translation>
    </message>
    <message>
        <source>Foi pedida a devolução de só uma parte, e o BonifiQ mostra o pedido inteiro cancelado. Os pontos do pedido inteiro podem ter sido estornados.</source>
        <translation>Only a part was to be returned, and BonifiQ shows the whole order as cancelled. The points of the whole order may have been taken back.</translation>
    </message>
    <message>
        <source>Esta devolução está fechada como não feita, e o total do pedido no BonifiQ baixou justamente deste valor. Os pontos podem ter sido estornados, por aqui, por outro caixa ou no painel.</source>
        <translation>This refund is closed as not done, and the order&apos;s total at BonifiQ is lower by just this value. The points may have been taken back, from here, by another till or in the dashboard.</translation>
    </message>
    <message>
        <source>Isto está fechado como não feito neste PC, e a loja sabe que foi confirmado.</source>
        <translation>This is closed as not done on this PC, and the shop knows that it was confirmed.</translation>
    </message>
    <message>
        <source>O dinheiro pode ter saído.</source>
        <translation>The money may have left.</translation>
    </message>
    <message>
        <source>Os pontos já podem ter mudado.</source>
        <translation>The points may have changed already.</translation>
    </message>
    <message>
        <source>O histórico da loja mostra outra coisa: alguém precisa conferir.</source>
        <translation>The shop&apos;s history shows something else: somebody has to check.</translation>
    </message>
    <message>
        <source>Esta devolução estava confirmada, e agora não aparece lá. O dinheiro pode não ter saído.</source>
        <translation>This return was confirmed, and now it is not shown there. The money may not have gone out.</translation>
    </message>
    <message>
        <source>Esta devolução está fechada como não feita, e lá há uma igual. O dinheiro pode ter saído.</source>
        <translation>This return is closed as not done, and there is an equal one there. The money may have gone out.</translation>
    </message>
    <message>
        <source>{0} mostra outra coisa: alguém precisa conferir.</source>
        <translation>{0} shows something else: somebody must check it.</translation>
    </message>
    <message>
        <source>Confira no portal de lá e depois aperte “Já verifiquei”, no Histórico (F4).</source>
        <translation>Check in the portal there and then press “I have checked”, in the History (F4).</translation>
    </message>
    <message>
        <source>Nenhum ponto ou cashback mudou por este registro.</source>
        <translation>This record changed no points and no cashback.</translation>
    </message>
    <message>
        <source>Pode atender o próximo: o resto acontece sozinho. Não registre de novo.</source>
        <translation>You can serve the next customer: the rest happens by itself. Do not register it again.</translation>
    </message>
    <message>
        <source>Registrado neste PC.</source>
        <translation>Registered on this PC.</translation>
    </message>
    <message>
        <source>Ainda não chegou ao BonifiQ: o número digitado será conferido antes do envio.</source>
        <translation>It has not reached BonifiQ yet: the number that was typed is checked before it is sent.</translation>
    </message>
    <message>
        <source>Registrado neste PC, aguardando a conexão com o BonifiQ.</source>
        <translation>Registered on this PC, waiting for the connection to BonifiQ.</translation>
    </message>
    <message>
        <source>Ainda não chegou ao BonifiQ: o pedido será conferido antes do envio.</source>
        <translation>It has not reached BonifiQ yet: the order will be checked before it is sent.</translation>
    </message>
    <message>
        <source>Registrado neste PC, aguardando a internet.</source>
        <translation>Registered on this PC, waiting for the internet.</translation>
    </message>
    <message>
        <source>Ainda não chegou ao BonifiQ. Os pontos mudam quando chegar.</source>
        <translation>It has not reached BonifiQ yet. The points change when it does.</translation>
    </message>
    <message>
        <source>Pode atender o próximo: o envio acontece sozinho. Não registre de novo.</source>
        <translation>You can serve the next customer: it is sent by itself. Do not register it again.</translation>
    </message>
    <message>
        <source>Os pontos mudam quando o BonifiQ responder.</source>
        <translation>The points change when BonifiQ answers.</translation>
    </message>
    <message>
        <source>O programa repete sozinho com o mesmo protocolo, sem devolver duas vezes. Não registre de novo.</source>
        <translation>The program repeats it by itself with the same reference, without refunding twice. Do not register it again.</translation>
    </message>
    <message>
        <source>O programa confere sozinho no BonifiQ. Não registre de novo.</source>
        <translation>The program checks with BonifiQ by itself. Do not register it again.</translation>
    </message>
    <message>
        <source>Uma pessoa precisa decidir: não repita a operação.</source>
        <translation>A person has to decide: do not do it again.</translation>
    </message>
    <message>
        <source>O pedido fica bloqueado até o responsável decidir, no Histórico (F4).</source>
        <translation>The order stays blocked until whoever is responsible decides, in History (F4).</translation>
    </message>
    <message>
        <source>O BonifiQ já tem um pedido com este número; nada foi enviado, e ele continua como estava.</source>
        <translation>BonifiQ already has an order with this number; nothing was sent, and that order is as it was.</translation>
    </message>
    <message>
        <source>O pedido no BonifiQ não está mais como foi visto aqui; nada foi enviado ainda.</source>
        <translation>The order at BonifiQ is no longer as it was seen here; nothing was sent yet.</translation>
    </message>
    <message>
        <source>O BonifiQ diz que esta devolução já foi feita antes, por outro caixa ou antes de o histórico se perder. Duas devoluções do mesmo valor no mesmo pedido parecem uma só: se esta é outra, diga isso ao decidir.</source>
        <translation>BonifiQ says that this return was made before, by another till or before the history was lost. Two returns of the same amount from the same order look like one: if this is another one, say so when you decide.</translation>
    </message>
    <message>
        <source>O BonifiQ recusou a repetição; a primeira tentativa pode ter valido.</source>
        <translation>BonifiQ refused the repeat; the first try may have counted.</translation>
    </message>
    <message>
        <source>O BonifiQ recusou, mas o pedido pode ter sido cancelado por este mesmo envio.</source>
        <translation>BonifiQ refused, but the order may have been cancelled by this very request.</translation>
    </message>
    <message>
        <source>O BonifiQ diz que o protocolo desta devolução já foi usado.</source>
        <translation>BonifiQ says that the reference of this refund was used before.</translation>
    </message>
    <message>
        <source>O pedido no BonifiQ não combina com este registro: pode ser de outro caixa.</source>
        <translation>The order at BonifiQ does not match this record: it may be another till&apos;s.</translation>
    </message>
    <message>
        <source>O BonifiQ não deu resposta clara depois de muitas tentativas.</source>
        <translation>BonifiQ gave no clear answer after many tries.</translation>
    </message>
    <message>
        <source>Este registro não pode ser enviado por este PC.</source>
        <translation>This record cannot be sent from this PC.</translation>
    </message>
    <message>
        <source>O histórico foi recuperado de uma cópia; este registro pode ter sido enviado depois dela.</source>
        <translation>The history was restored from a copy; this record may have been sent after it was made.</translation>
    </message>
    <message>
        <source>O BonifiQ respondeu duas vezes que não, sem dizer se alguma tentativa valeu.</source>
        <translation>BonifiQ answered no twice, without saying whether a try counted.</translation>
    </message>
    <message>
        <source>O BonifiQ recusou de novo, sem dizer a causa, um protocolo que este caixa já tinha enviado. Outro caixa pode ter feito uma devolução igual.</source>
        <translation>BonifiQ refused again, without saying why, a reference that this till had already sent. Another till may have made an equal return.</translation>
    </message>
    <message>
        <source>Pedido {0} cancelado no BonifiQ.</source>
        <translation>Order {0} cancelled at BonifiQ.</translation>
    </message>
    <message>
        <source>Devolução de {0} aceita, mas o pedido inteiro aparece cancelado.</source>
        <translation>Return of {0} accepted, but the whole order shows as cancelled.</translation>
    </message>
    <message>
        <source>Devolução de {0} feita no BonifiQ.</source>
        <translation>Refund of {0} done at BonifiQ.</translation>
    </message>
    <message>
        <source>Devolução de {0} aceita pelo BonifiQ.</source>
        <translation>Return of {0} accepted by BonifiQ.</translation>
    </message>
    <message>
        <source>Confirmado pelo protocolo: a primeira tentativa tinha valido.</source>
        <translation>Confirmed by the reference: the first try had worked.</translation>
    </message>
    <message>
        <source>Confirmado consultando o pedido.</source>
        <translation>Confirmed by looking up the order.</translation>
    </message>
    <message>
        <source>O dinheiro ({0}) volta na maquininha ou na gaveta, não por aqui.</source>
        <translation>The money ({0}) goes back at the card machine or the cash drawer, not here.</translation>
    </message>
    <message>
        <source>O dinheiro sai pelo outro sistema: não pague na gaveta.</source>
        <translation>The money goes out through the other system: do not pay from the drawer.</translation>
    </message>
    <message>
        <source>Fechado como feito por decisão de uma pessoa; o saldo se confere no BonifiQ.</source>
        <translation>Closed as done by a person&apos;s decision; check the balance in BonifiQ.</translation>
    </message>
    <message>
        <source>Este cliente não participa do programa de fidelidade.</source>
        <translation>This customer does not take part in the loyalty programme.</translation>
    </message>
    <message>
        <source>A venda estava pendente: não havia pontos nem cashback a estornar.</source>
        <translation>The sale was pending: there were no points and no cashback to take back.</translation>
    </message>
    <message>
        <source>Os pontos e o cashback deste pedido foram estornados.</source>
        <translation>The points and cashback of this order were taken back.</translation>
    </message>
    <message>
        <source>O BonifiQ aceitou o estorno; o saldo pode demorar.</source>
        <translation>BonifiQ accepted the reversal; the balance may take a while.</translation>
    </message>
    <message>
        <source>Os pontos e o cashback desse valor foram estornados.</source>
        <translation>The points and cashback for this value were taken back.</translation>
    </message>
    <message>
        <source>Chame o responsável: foi pedida só uma parte.</source>
        <translation>Call the manager: only a part was asked for.</translation>
    </message>
    <message>
        <source>O BonifiQ respondeu “cancelado”: consulte o pedido (F2) para ver como ficou.</source>
        <translation>BonifiQ answered “cancelled”: look the order up (F2) to see how it stands.</translation>
    </message>
    <message>
        <source>Se o BonifiQ recusar outra vez sem dizer a causa, uma pessoa decide, no Histórico (F4).</source>
        <translation>If BonifiQ refuses once more without saying why, a person decides, in History (F4).</translation>
    </message>
    <message>
        <source>Confira o pedido e o valor antes de tentar de novo.</source>
        <translation>Check the order and the value before you try again.</translation>
    </message>
    <message>
        <source>O BonifiQ recusou.</source>
        <translation>BonifiQ refused it.</translation>
    </message>
    <message>
        <source>Aviso do BonifiQ: “{0}”</source>
        <translation>Notice from BonifiQ: “{0}”</translation>
    </message>
    <message>
        <source>Registrado neste PC: {0}.</source>
        <translation>Registered on this PC: {0}.</translation>
    </message>
    <message>
        <source>O envio ao BonifiQ começa em seguida.</source>
        <translation>Sending to BonifiQ starts in a moment.</translation>
    </message>
    <message>
        <source>Enviando ao BonifiQ: {0}…</source>
        <translation>Sending to BonifiQ: {0}…</translation>
    </message>
    <message>
        <source>{0} de {1}</source>
        <translation>{0} of {1}</translation>
    </message>
    <message>
        <source>Sendo confirmado: {0}.</source>
        <translation>Being confirmed: {0}.</translation>
    </message>
    <message>
        <source>Ainda não se sabe se o BonifiQ recebeu.</source>
        <translation>It is not known yet whether BonifiQ received it.</translation>
    </message>
    <message>
        <source>BonifiQ: estorno de {0}.</source>
        <translation>BonifiQ: {0} taken back.</translation>
    </message>
</context>
<context>
    <name>people</name>
    <message>
        <source>Caixa</source>
        <translation>Cashier</translation>
    </message>
    <message>
        <source>Responsável</source>
        <translation>Manager</translation>
    </message>
    <message>
        <source>Salvar</source>
        <translation>Save</translation>
    </message>
    <message>
        <source>Voltar</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>Mudar {0}</source>
        <translation>Change {0}</translation>
    </message>
    <message>
        <source>Nova pessoa</source>
        <translation>New person</translation>
    </message>
    <message>
        <source>em branco: continua o de antes</source>
        <translation>empty: it stays as it was</translation>
    </message>
    <message>
        <source>O PIN tem de 4 a 8 números. Ninguém o vê depois, nem o responsável.</source>
        <translation>The PIN has 4 to 8 digits. Nobody sees it later, not even the manager.</translation>
    </message>
    <message>
        <source>Nome</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>O que faz</source>
        <translation>Role</translation>
    </message>
    <message>
        <source>PIN</source>
        <translation>PIN</translation>
    </message>
    <message>
        <source>PIN outra vez</source>
        <translation>PIN again</translation>
    </message>
    <message>
        <source>Esqueci o PIN</source>
        <translation>I forgot the PIN</translation>
    </message>
    <message>
        <source>Quem tem o token e a chave do BonifiQ (painel do BonifiQ, menu “API Keys”) pode dar um PIN novo a um responsável. Isso fica registrado.</source>
        <translation>Whoever has BonifiQ’s token and key (BonifiQ’s panel, menu “API Keys”) can give a manager a new PIN. That is kept on record.</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Chave</source>
        <translation>Key</translation>
    </message>
    <message>
        <source>Nome do responsável</source>
        <translation>Manager’s name</translation>
    </message>
    <message>
        <source>PIN novo</source>
        <translation>New PIN</translation>
    </message>
</context>
<context>
    <name>print_button</name>
    <message>
        <source>Imprimir</source>
        <translation>Print</translation>
    </message>
</context>
<context>
    <name>printing</name>
    <message>
        <source>Comprovante de venda</source>
        <translation>Sale slip</translation>
    </message>
    <message>
        <source>Comprovante de devolução</source>
        <translation>Return slip</translation>
    </message>
    <message>
        <source>Comprovante de benefício</source>
        <translation>Reward slip</translation>
    </message>
    <message>
        <source>Comprovante de cancelamento</source>
        <translation>Cancellation slip</translation>
    </message>
    <message>
        <source>Fechamento do dia</source>
        <translation>Day close</translation>
    </message>
    <message>
        <source>Página de teste</source>
        <translation>Test page</translation>
    </message>
    <message>
        <source>80 mm</source>
        <translation>80 mm</translation>
    </message>
    <message>
        <source>58 mm</source>
        <translation>58 mm</translation>
    </message>
    <message>
        <source>A4</source>
        <translation>A4</translation>
    </message>
    <message>
        <source>pedido {0}</source>
        <translation>order {0}</translation>
    </message>
    <message>
        <source>Na fila</source>
        <translation>Queued</translation>
    </message>
    <message>
        <source>Enviando</source>
        <translation>Sending</translation>
    </message>
    <message>
        <source>Enviado à impressora</source>
        <translation>Sent to the printer</translation>
    </message>
    <message>
        <source>Não foi impresso</source>
        <translation>Not printed</translation>
    </message>
    <message>
        <source>Talvez impresso</source>
        <translation>Perhaps printed</translation>
    </message>
    <message>
        <source>Desistiu</source>
        <translation>Withdrew</translation>
    </message>
    <message>
        <source>Enviado à impressora: {0}.</source>
        <translation>Sent to the printer: {0}.</translation>
    </message>
    <message>
        <source>O papel pode ter saído, inteiro ou em parte.</source>
        <translation>Paper may have come out, all of it or a part.</translation>
    </message>
    <message>
        <source>Olhe a impressora. Se não saiu, aperte Imprimir de novo: sai escrito «2ª via».</source>
        <translation>Look at the printer. If nothing came out, press Print again: it will say “Copy 2”.</translation>
    </message>
    <message>
        <source>Nada foi impresso. O registro está guardado.</source>
        <translation>Nothing was printed. The record is kept.</translation>
    </message>
    <message>
        <source>Nenhuma impressora foi escolhida neste caixa.</source>
        <translation>No printer was chosen at this till.</translation>
    </message>
    <message>
        <source>Escolha em Ajustes › Impressora, ou salve o PDF ou a imagem.</source>
        <translation>Choose one in Settings › Printer, or save the PDF or the picture.</translation>
    </message>
    <message>
        <source>Este registro não está no histórico deste caixa.</source>
        <translation>This record is not in this till&apos;s history.</translation>
    </message>
    <message>
        <source>sem impressora escolhida</source>
        <translation>no printer chosen</translation>
    </message>
    <message>
        <source>a impressora não existe mais</source>
        <translation>the printer is gone</translation>
    </message>
    <message>
        <source>endereço fora da rede da loja</source>
        <translation>address outside the shop&apos;s network</translation>
    </message>
    <message>
        <source>desligada ou sem conexão</source>
        <translation>off or not connected</translation>
    </message>
    <message>
        <source>sem papel</source>
        <translation>out of paper</translation>
    </message>
    <message>
        <source>menos de 180 pontos por polegada</source>
        <translation>less than 180 dots per inch</translation>
    </message>
    <message>
        <source>papel recusado pelo driver</source>
        <translation>paper refused by the driver</translation>
    </message>
    <message>
        <source>não respondeu a tempo</source>
        <translation>no answer in time</translation>
    </message>
    <message>
        <source>interrompido</source>
        <translation>cut off</translation>
    </message>
    <message>
        <source>o comprovante não pôde ser montado</source>
        <translation>the slip could not be made</translation>
    </message>
    <message>
        <source>Depois aperte Imprimir de novo.</source>
        <translation>Then press Print again.</translation>
    </message>
    <message>
        <source>nenhuma impressora foi escolhida neste caixa.</source>
        <translation>no printer was chosen at this till.</translation>
    </message>
    <message>
        <source>Escolha em Ajustes › Impressora (F9).</source>
        <translation>Choose one in Settings › Printer (F9).</translation>
    </message>
    <message>
        <source>a impressora {0} não existe mais neste PC, e nenhuma outra é usada no lugar dela.</source>
        <translation>the printer {0} is gone from this PC, and no other one takes its place.</translation>
    </message>
    <message>
        <source>Escolha a impressora em Ajustes › Impressora (F9).</source>
        <translation>Choose the printer in Settings › Printer (F9).</translation>
    </message>
    <message>
        <source>o endereço {0} fica fora da rede da loja, e lá o comprovante iria sem proteção.</source>
        <translation>the address {0} is outside the shop&apos;s network, where the slip would travel unprotected.</translation>
    </message>
    <message>
        <source>Corrija o endereço em Ajustes › Impressora (F9).</source>
        <translation>Correct the address in Settings › Printer (F9).</translation>
    </message>
    <message>
        <source>a impressora {0} está desligada ou sem conexão.</source>
        <translation>the printer {0} is off or not connected.</translation>
    </message>
    <message>
        <source>Ligue a impressora e confira o cabo ou a rede.</source>
        <translation>Switch the printer on and check its cable or the network.</translation>
    </message>
    <message>
        <source>a impressora {0} está sem papel ou com a tampa aberta.</source>
        <translation>the printer {0} is out of paper, or its cover is open.</translation>
    </message>
    <message>
        <source>Ponha papel e feche a tampa.</source>
        <translation>Put paper in and close the cover.</translation>
    </message>
    <message>
        <source>a impressora {0} tem menos de 180 pontos por polegada, e sairia ilegível.</source>
        <translation>the printer {0} has less than 180 dots per inch: the slip would be unreadable.</translation>
    </message>
    <message>
        <source>Mude a resolução no driver, ou escolha outra impressora em Ajustes (F9).</source>
        <translation>Change the resolution in the driver, or choose another printer in Settings (F9).</translation>
    </message>
    <message>
        <source>o driver da impressora {0} não aceitou o papel.</source>
        <translation>the driver of the printer {0} did not accept the paper.</translation>
    </message>
    <message>
        <source>Em Ajustes › Impressora (F9) escolha outro papel ou outra forma do driver.</source>
        <translation>In Settings › Printer (F9), choose another paper or another paper of the driver.</translation>
    </message>
    <message>
        <source>a impressora {0} não respondeu a tempo.</source>
        <translation>the printer {0} did not answer in time.</translation>
    </message>
    <message>
        <source>Desligue e ligue a impressora.</source>
        <translation>Switch the printer off and on.</translation>
    </message>
    <message>
        <source>a impressão em {0} foi interrompida.</source>
        <translation>printing on {0} was cut off.</translation>
    </message>
    <message>
        <source>Se acontecer outra vez, o suporte precisa ver o driver da impressora.</source>
        <translation>If it happens again, the support must look at the printer&apos;s driver.</translation>
    </message>
    <message>
        <source>o comprovante não pôde ser montado.</source>
        <translation>the slip could not be made.</translation>
    </message>
    <message>
        <source>Avise o suporte: o modelo da loja ou o registro não pôde ser lido.</source>
        <translation>Tell the support: the shop&apos;s template or the record could not be read.</translation>
    </message>
</context>
<context>
    <name>remote</name>
    <message>
        <source>{0}, pago</source>
        <translation>{0}, paid</translation>
    </message>
    <message>
        <source>{0}, ainda não cobrado</source>
        <translation>{0}, not charged yet</translation>
    </message>
    <message>
        <source>Em análise</source>
        <translation>Being reviewed</translation>
    </message>
    <message>
        <source>Esperando a loja aceitar</source>
        <translation>Waiting for the shop to accept</translation>
    </message>
    <message>
        <source>Esperando a cobrança</source>
        <translation>Waiting for the charge</translation>
    </message>
    <message>
        <source>Esperando o pagamento</source>
        <translation>Waiting for the payment</translation>
    </message>
    <message>
        <source>A enviar</source>
        <translation>To be shipped</translation>
    </message>
    <message>
        <source>Enviado</source>
        <translation>Shipped</translation>
    </message>
    <message>
        <source>A retirar</source>
        <translation>To be collected</translation>
    </message>
    <message>
        <source>Entregue</source>
        <translation>Delivered</translation>
    </message>
    <message>
        <source>Encerrado</source>
        <translation>Closed</translation>
    </message>
    <message>
        <source>Recusado</source>
        <translation>Refused</translation>
    </message>
    <message>
        <source>Cancelado</source>
        <translation>Cancelled</translation>
    </message>
    <message>
        <source>Com reclamação</source>
        <translation>With an incident</translation>
    </message>
    <message>
        <source>Devolvido</source>
        <translation>Returned</translation>
    </message>
    <message>
        <source>Esperando o estorno</source>
        <translation>Waiting for the refund</translation>
    </message>
    <message>
        <source>Cancelamento em andamento</source>
        <translation>Cancellation under way</translation>
    </message>
    <message>
        <source>Em espera</source>
        <translation>On hold</translation>
    </message>
    <message>
        <source>Esperando a confirmação</source>
        <translation>Waiting for confirmation</translation>
    </message>
    <message>
        <source>Aprovado</source>
        <translation>Approved</translation>
    </message>
    <message>
        <source>Em separação</source>
        <translation>Being packed</translation>
    </message>
    <message>
        <source>Tentativa de entrega</source>
        <translation>Delivery attempted</translation>
    </message>
    <message>
        <source>Sem conexão com {0}.</source>
        <translation>No connection to {0}.</translation>
    </message>
    <message>
        <source>{0} demorou demais para responder.</source>
        <translation>{0} took too long to answer.</translation>
    </message>
    <message>
        <source>A conexão com {0} caiu antes da resposta.</source>
        <translation>The connection to {0} broke before the answer.</translation>
    </message>
    <message>
        <source>A resposta não veio de {0} ou não pôde ser lida.</source>
        <translation>The answer did not come from {0} or could not be read.</translation>
    </message>
    <message>
        <source>{0} respondeu sobre outro pedido.</source>
        <translation>{0} answered about another order.</translation>
    </message>
    <message>
        <source>A resposta de {0} era grande demais.</source>
        <translation>The answer of {0} was too large.</translation>
    </message>
    <message>
        <source>A rede desviou a chamada a {0} para outro endereço.</source>
        <translation>The network redirected the call to {0} to another address.</translation>
    </message>
    <message>
        <source>{0} não aceitou a chave deste caixa.</source>
        <translation>{0} did not accept this till&apos;s key.</translation>
    </message>
    <message>
        <source>{0} não deixa o usuário deste caixa fazer isto.</source>
        <translation>{0} does not let this till&apos;s user do this.</translation>
    </message>
    <message>
        <source>{0} pediu para esperar um pouco.</source>
        <translation>{0} asked to wait a little.</translation>
    </message>
    <message>
        <source>{0} está com problemas.</source>
        <translation>{0} has problems.</translation>
    </message>
    <message>
        <source>A resposta de {0} veio sem resultado.</source>
        <translation>The answer of {0} came without a result.</translation>
    </message>
    <message>
        <source>A resposta de {0} veio de um jeito inesperado.</source>
        <translation>The answer of {0} came in an unexpected form.</translation>
    </message>
    <message>
        <source>O programa foi fechado antes da resposta de {0}.</source>
        <translation>The program was closed before the answer of {0}.</translation>
    </message>
    <message>
        <source>{0} respondeu que não, sem dizer o que valeu.</source>
        <translation>{0} said no, without saying what counted.</translation>
    </message>
    <message>
        <source>{0} ainda está processando a tentativa anterior.</source>
        <translation>{0} is still processing the earlier attempt.</translation>
    </message>
    <message>
        <source>O certificado de {0} não pôde ser confirmado.</source>
        <translation>The certificate of {0} could not be confirmed.</translation>
    </message>
    <message>
        <source>Outro caixa está com este pedido; nada foi enviado a {0}.</source>
        <translation>Another till has this order; nothing was sent to {0}.</translation>
    </message>
    <message>
        <source>{0} tem mais de um pedido com este número: consulte {1}.</source>
        <translation>{0} has more than one order with this number: look up {1}.</translation>
    </message>
    <message>
        <source> ou </source>
        <translation> or </translation>
    </message>
    <message>
        <source>{0} recusou a consulta.</source>
        <translation>{0} refused the look-up.</translation>
    </message>
    <message>
        <source>A conexão {0} ainda não tem chave: veja Ajustes (F9).</source>
        <translation>The connection {0} has no key yet: see Settings (F9).</translation>
    </message>
    <message>
        <source>{0} não pôde ser consultado.</source>
        <translation>{0} could not be asked.</translation>
    </message>
</context>
<context>
    <name>reports</name>
    <message>
        <source>Quem devolveu o quê</source>
        <translation>Who gave back what</translation>
    </message>
    <message>
        <source>Clientes que mais devolvem</source>
        <translation>Customers who return most</translation>
    </message>
    <message>
        <source>Decidido à mão</source>
        <translation>Decided by hand</translation>
    </message>
    <message>
        <source>O que não saiu</source>
        <translation>What was not sent</translation>
    </message>
    <message>
        <source>Nenhuma devolução confirmada no período.</source>
        <translation>No confirmed refund in the period.</translation>
    </message>
    <message>
        <source>Nenhuma devolução de cliente conhecido no período.</source>
        <translation>No refund of a known customer in the period.</translation>
    </message>
    <message>
        <source>Nada foi decidido ou autorizado à mão no período.</source>
        <translation>Nothing was decided or approved by hand in the period.</translation>
    </message>
    <message>
        <source>Tudo saiu na hora: nada ficou esperando no período.</source>
        <translation>Everything was sent at once: nothing waited in the period.</translation>
    </message>
    <message>
        <source>Quem</source>
        <translation>Who</translation>
    </message>
    <message>
        <source>Motivo</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>O quê</source>
        <translation>What</translation>
    </message>
    <message>
        <source>Quando</source>
        <translation>When</translation>
    </message>
    <message>
        <source>Pedido</source>
        <translation>Order</translation>
    </message>
    <message>
        <source>Sistemas</source>
        <translation>Systems</translation>
    </message>
    <message>
        <source>Valor</source>
        <translation>Value</translation>
    </message>
    <message>
        <source>Sem motivo</source>
        <translation>No reason</translation>
    </message>
    <message>
        <source>Devoluções sem cliente guardado: {0}</source>
        <translation>Refunds without a stored customer: {0}</translation>
    </message>
    <message>
        <source>Cliente</source>
        <translation>Customer</translation>
    </message>
    <message>
        <source>CPF ou CNPJ</source>
        <translation>CPF or CNPJ</translation>
    </message>
    <message>
        <source>Devoluções</source>
        <translation>Refunds</translation>
    </message>
    <message>
        <source>Último pedido</source>
        <translation>Last order</translation>
    </message>
    <message>
        <source>Decisão</source>
        <translation>Decision</translation>
    </message>
    <message>
        <source>Motivo dado</source>
        <translation>Reason given</translation>
    </message>
    <message>
        <source>Por que foi perguntado</source>
        <translation>Why it was asked</translation>
    </message>
    <message>
        <source>Decisões: {0}</source>
        <translation>Decisions: {0}</translation>
    </message>
    <message>
        <source>Registros: {0}</source>
        <translation>Records: {0}</translation>
    </message>
    <message>
        <source>ainda esperam: {0}</source>
        <translation>still waiting: {0}</translation>
    </message>
    <message>
        <source>o mais demorado: {0}</source>
        <translation>the longest: {0}</translation>
    </message>
    <message>
        <source>Desde</source>
        <translation>Since</translation>
    </message>
    <message>
        <source>Causa</source>
        <translation>Cause</translation>
    </message>
    <message>
        <source>Sem sair</source>
        <translation>Not sent</translation>
    </message>
    <message>
        <source>Sem resposta</source>
        <translation>No answer</translation>
    </message>
    <message>
        <source>Com uma pessoa</source>
        <translation>With a person</translation>
    </message>
    <message>
        <source>Situação</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Esperou na fila</source>
        <translation>Waited in the queue</translation>
    </message>
    <message>
        <source>Autorizou</source>
        <translation>Approved</translation>
    </message>
    <message>
        <source>Conferiu o alarme</source>
        <translation>Checked the alarm</translation>
    </message>
    <message>
        <source>Desistiu</source>
        <translation>Withdrew</translation>
    </message>
    <message>
        <source>Já foi feita</source>
        <translation>It was done</translation>
    </message>
    <message>
        <source>Não foi feita</source>
        <translation>Was not done</translation>
    </message>
    <message>
        <source>É outra devolução</source>
        <translation>It is another refund</translation>
    </message>
    <message>
        <source>Tentar de novo</source>
        <translation>Try again</translation>
    </message>
    <message>
        <source>Sem nome</source>
        <translation>No name</translation>
    </message>
    <message>
        <source>Cliente sem nome</source>
        <translation>Customer without a name</translation>
    </message>
    <message>
        <source>Mostra {0} de {1}: a planilha tem todos.</source>
        <translation>Shows {0} of {1}: the spreadsheet has all.</translation>
    </message>
    <message>
        <source>{0} a {1}</source>
        <translation>{0} to {1}</translation>
    </message>
    <message>
        <source>seg</source>
        <translation>Mon</translation>
    </message>
    <message>
        <source>ter</source>
        <translation>Tue</translation>
    </message>
    <message>
        <source>qua</source>
        <translation>Wed</translation>
    </message>
    <message>
        <source>qui</source>
        <translation>Thu</translation>
    </message>
    <message>
        <source>sex</source>
        <translation>Fri</translation>
    </message>
    <message>
        <source>sáb</source>
        <translation>Sat</translation>
    </message>
    <message>
        <source>dom</source>
        <translation>Sun</translation>
    </message>
    <message>
        <source>Vendas e devoluções por hora</source>
        <translation>Sales and refunds by hour</translation>
    </message>
    <message>
        <source>Hora</source>
        <translation>Hour</translation>
    </message>
    <message>
        <source>Vendas e devoluções por dia da semana</source>
        <translation>Sales and refunds by weekday</translation>
    </message>
    <message>
        <source>Dia</source>
        <translation>Day</translation>
    </message>
    <message>
        <source>Vendas</source>
        <translation>Sales</translation>
    </message>
    <message>
        <source>Devoluções e cancelamentos</source>
        <translation>Refunds and cancellations</translation>
    </message>
    <message>
        <source>Quantas</source>
        <translation>How many</translation>
    </message>
    <message>
        <source>Outros ({0})</source>
        <translation>Others ({0})</translation>
    </message>
    <message>
        <source>Devoluções e cancelamentos por motivo</source>
        <translation>Refunds and cancellations by reason</translation>
    </message>
    <message>
        <source>Pontos dados</source>
        <translation>Points given</translation>
    </message>
    <message>
        <source>Pontos retirados (estimativa)</source>
        <translation>Points taken (estimate)</translation>
    </message>
    <message>
        <source>O BonifiQ não diz quantos pontos uma devolução tirou: o programa estima pela venda.</source>
        <translation>BonifiQ does not say how many points a refund took: the program estimates them by the sale.</translation>
    </message>
    <message>
        <source>Pontos trocados por benefícios não estão aqui.</source>
        <translation>Points spent on rewards are not here.</translation>
    </message>
    <message>
        <source>Operações com pontos desconhecidos, que não estão na conta: {0}.</source>
        <translation>Operations with unknown points, which are not counted: {0}.</translation>
    </message>
    <message>
        <source>Pontos dados e retirados</source>
        <translation>Points given and taken</translation>
    </message>
    <message>
        <source>Cashback dado</source>
        <translation>Cashback given</translation>
    </message>
    <message>
        <source>Cashback retirado (estimativa)</source>
        <translation>Cashback taken (estimate)</translation>
    </message>
    <message>
        <source>Devolvido em outras moedas, fora do gráfico: {0}.</source>
        <translation>Given back in other currencies, not in the chart: {0}.</translation>
    </message>
</context>
<context>
    <name>rewards</name>
    <message>
        <source>Este benefício estava usado, e agora o BonifiQ o mostra desfeito. O cliente pode ter recebido os pontos de volta.</source>
        <translation>This reward was redeemed, and now BonifiQ shows it undone. The customer may have got the points back.</translation>
    </message>
    <message>
        <source>Este benefício está fechado como não usado, e o BonifiQ o mostra usado. O cliente pode ter gastado os pontos.</source>
        <translation>This reward is closed as not redeemed, and BonifiQ shows it redeemed. The customer may have spent the points.</translation>
    </message>
    <message>
        <source>Este benefício estava desfeito, e agora o BonifiQ o mostra usado. O cliente pode estar sem os pontos.</source>
        <translation>This reward was undone, and now BonifiQ shows it redeemed. The customer may lack the points.</translation>
    </message>
    <message>
        <source>Este benefício está fechado como não desfeito, e o BonifiQ o mostra desfeito. Os pontos podem ter voltado, por outro caixa ou no painel.</source>
        <translation>This reward is closed as not undone, and BonifiQ shows it undone. The points may have gone back, by another till or in the panel.</translation>
    </message>
    <message>
        <source>benefício</source>
        <translation>reward</translation>
    </message>
    <message>
        <source>benefício de {0}</source>
        <translation>reward of {0}</translation>
    </message>
    <message>
        <source>Sendo confirmado: {0}.</source>
        <translation>Being confirmed: {0}.</translation>
    </message>
    <message>
        <source>Ainda não se sabe se o benefício foi usado.</source>
        <translation>It is not known yet whether the reward was redeemed.</translation>
    </message>
    <message>
        <source>O programa repete sozinho com o mesmo protocolo: ele não é usado duas vezes.</source>
        <translation>The program repeats by itself with the same reference: it is not redeemed twice.</translation>
    </message>
    <message>
        <source>Uma pessoa precisa decidir se o benefício foi usado.</source>
        <translation>A person must decide whether the reward was redeemed.</translation>
    </message>
    <message>
        <source>{0} usado, mas sem o código para a venda.</source>
        <translation>{0} redeemed, but without the code for the sale.</translation>
    </message>
    <message>
        <source>O BonifiQ já tinha usado o benefício e não repetiu o código dele.</source>
        <translation>BonifiQ had redeemed the reward already, and did not repeat its code.</translation>
    </message>
    <message>
        <source>Ele não entra na venda: desfaça-o e, se o cliente quiser, use outra vez.</source>
        <translation>It cannot go into the sale: undo it and, if the customer wants, redeem again.</translation>
    </message>
    <message>
        <source>{0} usado no BonifiQ.</source>
        <translation>{0} redeemed at BonifiQ.</translation>
    </message>
    <message>
        <source>O BonifiQ recusou o benefício.</source>
        <translation>BonifiQ refused the reward.</translation>
    </message>
    <message>
        <source>Escolha outro benefício, ou siga com a venda sem ele.</source>
        <translation>Choose another reward, or go on with the sale without it.</translation>
    </message>
    <message>
        <source>Benefício desfeito antes do envio.</source>
        <translation>Reward undone before it was sent.</translation>
    </message>
    <message>
        <source>Fechado: o benefício não foi usado.</source>
        <translation>Closed: the reward was not redeemed.</translation>
    </message>
    <message>
        <source>Benefício registrado neste PC, aguardando a internet.</source>
        <translation>Reward registered on this PC, waiting for the internet.</translation>
    </message>
    <message>
        <source>Ainda não chegou ao BonifiQ: não prometa o desconto ao cliente.</source>
        <translation>It has not reached BonifiQ yet: do not promise the customer the discount.</translation>
    </message>
    <message>
        <source>O envio acontece sozinho. Para não esperar, desfaça o benefício.</source>
        <translation>It is sent by itself. Undo the reward if you do not want to wait.</translation>
    </message>
    <message>
        <source>Enviando ao BonifiQ: {0}…</source>
        <translation>Sending to BonifiQ: {0}…</translation>
    </message>
    <message>
        <source>O desconto vale quando o BonifiQ confirmar.</source>
        <translation>The discount holds once BonifiQ confirms.</translation>
    </message>
    <message>
        <source>Sendo desfeito: {0}.</source>
        <translation>Being undone: {0}.</translation>
    </message>
    <message>
        <source>Ainda não se sabe se ele voltou ao cliente.</source>
        <translation>It is not known yet whether it went back to the customer.</translation>
    </message>
    <message>
        <source>O programa repete sozinho: nenhum outro benefício é desfeito.</source>
        <translation>The program repeats by itself: no other reward is undone.</translation>
    </message>
    <message>
        <source>Uma pessoa precisa decidir se o benefício foi desfeito.</source>
        <translation>A person must decide whether the reward was undone.</translation>
    </message>
    <message>
        <source>{0} desfeito no BonifiQ.</source>
        <translation>{0} undone at BonifiQ.</translation>
    </message>
    <message>
        <source>O que ele gastou volta ao saldo do cliente.</source>
        <translation>What it spent goes back to the customer&apos;s balance.</translation>
    </message>
    <message>
        <source>O BonifiQ não desfez o benefício.</source>
        <translation>BonifiQ did not undo the reward.</translation>
    </message>
    <message>
        <source>Tente de novo em Consultar (F2), ou confira no painel do BonifiQ.</source>
        <translation>Try again in Look up (F2), or check in BonifiQ&apos;s panel.</translation>
    </message>
    <message>
        <source>Nada foi enviado para desfazer o benefício.</source>
        <translation>Nothing was sent to undo the reward.</translation>
    </message>
    <message>
        <source>Fechado: o benefício não foi desfeito.</source>
        <translation>Closed: the reward was not undone.</translation>
    </message>
    <message>
        <source>O benefício será desfeito quando a internet voltar.</source>
        <translation>The reward will be undone when the internet is back.</translation>
    </message>
    <message>
        <source>Até lá, o que ele gastou não volta ao cliente.</source>
        <translation>Until then, what it spent does not go back to the customer.</translation>
    </message>
    <message>
        <source>O envio acontece sozinho. Não precisa desfazer de novo.</source>
        <translation>It is sent by itself. There is no need to undo it again.</translation>
    </message>
    <message>
        <source>Desfazendo no BonifiQ: {0}…</source>
        <translation>Undoing at BonifiQ: {0}…</translation>
    </message>
    <message>
        <source>O que ele gastou volta ao cliente quando o BonifiQ confirmar.</source>
        <translation>What it spent goes back to the customer once BonifiQ confirms.</translation>
    </message>
    <message>
        <source>O responsável decide no Histórico (F4). Até lá, não use outro benefício nesta venda.</source>
        <translation>The manager decides in History (F4). Until then, use no other reward in this sale.</translation>
    </message>
    <message>
        <source>O BonifiQ diz que o protocolo deste benefício já foi usado.</source>
        <translation>BonifiQ says that this reward&apos;s reference was used already.</translation>
    </message>
    <message>
        <source>O BonifiQ mostra o benefício de outro jeito.</source>
        <translation>BonifiQ shows the reward differently.</translation>
    </message>
    <message>
        <source>O BonifiQ não deu resposta clara depois de muitas tentativas.</source>
        <translation>BonifiQ gave no clear answer after many attempts.</translation>
    </message>
    <message>
        <source>Este registro não pode ser enviado por este PC.</source>
        <translation>This record cannot be sent from this PC.</translation>
    </message>
    <message>
        <source>O histórico foi recuperado de uma cópia; este registro pode ter sido enviado depois dela.</source>
        <translation>The history was restored from a copy; this record may have been sent after it.</translation>
    </message>
    <message>
        <source>O BonifiQ respondeu duas vezes que não, sem dizer se alguma tentativa valeu.</source>
        <translation>BonifiQ said no twice, without saying whether any attempt was applied.</translation>
    </message>
    <message>
        <source>O BonifiQ recusou a repetição; a primeira tentativa pode ter valido.</source>
        <translation>BonifiQ refused the repeat; the first attempt may have been applied.</translation>
    </message>
    <message>
        <source>O BonifiQ recusou, mas o envio pode ter valido.</source>
        <translation>BonifiQ refused, but the request may have been applied.</translation>
    </message>
    <message>
        <source>Nenhum ponto ou cashback do cliente foi gasto.</source>
        <translation>No points or cashback of the customer were spent.</translation>
    </message>
    <message>
        <source>Ele continua usado, sem uma venda: está em Consultar (F2).</source>
        <translation>It stays redeemed, without a sale: it is listed in Look up (F2).</translation>
    </message>
    <message>
        <source>Se o benefício do cliente ainda estiver sendo confirmado, a venda espera por ele.</source>
        <translation>If the customer&apos;s reward is still being confirmed, the sale waits for it.</translation>
    </message>
    <message>
        <source>O benefício do cliente continua usado: em Consultar (F2) ele vai para outra venda ou é desfeito.</source>
        <translation>The customer&apos;s reward stays redeemed: in Look up (F2) it goes to another sale or is undone.</translation>
    </message>
    <message>
        <source>O benefício do cliente foi usado nesta venda.</source>
        <translation>The customer&apos;s reward was used in this sale.</translation>
    </message>
    <message>
        <source>O BonifiQ não usou o benefício do cliente; a venda, com o desconto dele, não foi enviada.</source>
        <translation>BonifiQ did not redeem the customer&apos;s reward; the sale, with its discount, was not sent.</translation>
    </message>
    <message>
        <source>{0} % de desconto</source>
        <translation>{0} % off</translation>
    </message>
    <message>
        <source>até {0} de cashback</source>
        <translation>up to {0} of cashback</translation>
    </message>
    <message>
        <source>{0} de desconto</source>
        <translation>{0} off</translation>
    </message>
    <message>
        <source>benefício da loja</source>
        <translation>reward of the shop</translation>
    </message>
    <message>
        <source>1 × {0} de graça</source>
        <translation>1 × {0} for free</translation>
    </message>
    <message>
        <source>1 × {0} por {1}</source>
        <translation>1 × {0} for {1}</translation>
    </message>
    <message>
        <source>1 × {0} com {1} % de desconto</source>
        <translation>1 × {0} with {1} % off</translation>
    </message>
    <message>
        <source>1 × {0} com {1} de desconto</source>
        <translation>1 × {0} with {1} off</translation>
    </message>
    <message>
        <source>custa {0}</source>
        <translation>costs {0}</translation>
    </message>
    <message>
        <source>não vale junto com outro desconto</source>
        <translation>not valid together with another discount</translation>
    </message>
    <message>
        <source>Faltam pontos.</source>
        <translation>Not enough points.</translation>
    </message>
    <message>
        <source>A compra é menor que o mínimo.</source>
        <translation>The purchase is below the minimum.</translation>
    </message>
    <message>
        <source>O cliente não tem cashback.</source>
        <translation>The customer has no cashback.</translation>
    </message>
    <message>
        <source>Falta identificar o cliente.</source>
        <translation>The customer is not identified yet.</translation>
    </message>
    <message>
        <source>Vale mais que a compra.</source>
        <translation>It is worth more than the purchase.</translation>
    </message>
    <message>
        <source>Passa da parte da compra que aceita este benefício.</source>
        <translation>It exceeds the part of the purchase that takes this reward.</translation>
    </message>
    <message>
        <source>O cliente não participa do programa.</source>
        <translation>The customer is not in the programme.</translation>
    </message>
    <message>
        <source>Não vale junto com outro desconto.</source>
        <translation>Not valid together with another discount.</translation>
    </message>
    <message>
        <source>Falta na compra um produto que dê direito a ele.</source>
        <translation>The purchase lacks a product that entitles to it.</translation>
    </message>
    <message>
        <source>O cliente já usou este benefício o máximo de vezes.</source>
        <translation>The customer has used this reward as often as allowed.</translation>
    </message>
    <message>
        <source>Só vale na loja virtual.</source>
        <translation>Valid in the web shop only.</translation>
    </message>
    <message>
        <source>Falta configurar este benefício no painel do BonifiQ.</source>
        <translation>This reward still has to be set up in the BonifiQ panel.</translation>
    </message>
    <message>
        <source>Não pode ser usado nesta venda.</source>
        <translation>It cannot be used in this sale.</translation>
    </message>
    <message>
        <source>Nenhum benefício pode ser usado nesta venda.</source>
        <translation>No reward can be used in this sale.</translation>
    </message>
    <message>
        <source>mais 1 benefício</source>
        <translation>1 more reward</translation>
    </message>
    <message>
        <source>mais {0} benefícios</source>
        <translation>{0} more rewards</translation>
    </message>
    <message>
        <source>{0} benefícios</source>
        <translation>{0} rewards</translation>
    </message>
    <message>
        <source>{0} da compra não aceitam cashback: ele vale sobre {1}.</source>
        <translation>{0} of the purchase take no cashback: it counts for {1}.</translation>
    </message>
    <message>
        <source>Sem conexão: nenhum benefício pode ser usado agora.</source>
        <translation>No connection: no reward can be used now.</translation>
    </message>
    <message>
        <source>Benefícios não consultados. {0}</source>
        <translation>Rewards not looked up. {0}</translation>
    </message>
    <message>
        <source>Os benefícios não puderam ser consultados.</source>
        <translation>The rewards could not be looked up.</translation>
    </message>
    <message>
        <source>A venda sem benefício segue normalmente.</source>
        <translation>The sale without a reward goes on as usual.</translation>
    </message>
    <message>
        <source>Conferindo…</source>
        <translation>Checking…</translation>
    </message>
    <message>
        <source>Sem código</source>
        <translation>No code</translation>
    </message>
    <message>
        <source>Desfazendo…</source>
        <translation>Undoing…</translation>
    </message>
    <message>
        <source>Usando…</source>
        <translation>Using…</translation>
    </message>
    <message>
        <source>Sendo confirmado</source>
        <translation>Being confirmed</translation>
    </message>
    <message>
        <source>Precisa de decisão</source>
        <translation>Needs a decision</translation>
    </message>
    <message>
        <source>Desfeito</source>
        <translation>Undone</translation>
    </message>
    <message>
        <source>Confirmado</source>
        <translation>Confirmed</translation>
    </message>
    <message>
        <source>Não usado</source>
        <translation>Not used</translation>
    </message>
    <message>
        <source>Sem conexão: o benefício não foi usado.</source>
        <translation>No connection: the reward was not used.</translation>
    </message>
    <message>
        <source>O benefício não foi usado.</source>
        <translation>The reward was not used.</translation>
    </message>
    <message>
        <source>O saldo do cliente não mudou.</source>
        <translation>The customer&apos;s balance did not change.</translation>
    </message>
    <message>
        <source>Escolha outro benefício ou registre a venda sem ele: o total voltou ao de antes.</source>
        <translation>Choose another reward or register the sale without it: the total is as before.</translation>
    </message>
    <message>
        <source>O BonifiQ não desfez o benefício: ele continua usado.</source>
        <translation>BonifiQ did not undo the reward: it is still used.</translation>
    </message>
    <message>
        <source>Registre a venda com ele, ou tente desfazer de novo (F5).</source>
        <translation>Register the sale with it, or try to undo it again (F5).</translation>
    </message>
    <message>
        <source>O BonifiQ ainda não confirmou o benefício “{0}”.</source>
        <translation>BonifiQ has not confirmed the reward “{0}” yet.</translation>
    </message>
    <message>
        <source>A venda pode ser registrada: ela espera o benefício e segue sozinha.</source>
        <translation>The sale can be registered: it waits for the reward and goes on by itself.</translation>
    </message>
    <message>
        <source>Se ele for recusado, a venda fica para o responsável decidir.</source>
        <translation>If it is refused, the sale is left to the manager&apos;s decision.</translation>
    </message>
    <message>
        <source>O benefício desta venda ainda está sendo conferido neste PC.</source>
        <translation>The reward of this sale is still being checked on this PC.</translation>
    </message>
    <message>
        <source>Nada foi registrado.</source>
        <translation>Nothing was registered.</translation>
    </message>
    <message>
        <source>Espere um instante e registre de novo.</source>
        <translation>Wait a moment and register again.</translation>
    </message>
    <message>
        <source>Este PC não tem registro do benefício desta venda: {0}.</source>
        <translation>This PC has no record of this sale&apos;s reward: {0}.</translation>
    </message>
    <message>
        <source>Se um backup foi restaurado, ele pode já estar usado.</source>
        <translation>If a backup was restored, it may be used already.</translation>
    </message>
    <message>
        <source>Com o mesmo cliente e o mesmo valor, ele não é usado duas vezes.</source>
        <translation>With the same customer and the same amount, it is not used twice.</translation>
    </message>
    <message>
        <source>Outro seria usado além dele.</source>
        <translation>Another one would be used beside it.</translation>
    </message>
    <message>
        <source>Escolha o mesmo benefício de novo (F5).</source>
        <translation>Choose the same reward again (F5).</translation>
    </message>
    <message>
        <source>O BonifiQ usou o benefício, mas não informou o código dele.</source>
        <translation>BonifiQ used the reward, but did not give its code.</translation>
    </message>
    <message>
        <source>Sem o código, a venda não pode levar o benefício.</source>
        <translation>Without the code, the sale cannot take the reward.</translation>
    </message>
    <message>
        <source>Desfaça (F5) e use de novo.</source>
        <translation>Undo it (F5) and use it again.</translation>
    </message>
    <message>
        <source>O BonifiQ deu outro produto: {0}.</source>
        <translation>BonifiQ gave another product: {0}.</translation>
    </message>
    <message>
        <source>O benefício está sendo desfeito.</source>
        <translation>The reward is being undone.</translation>
    </message>
    <message>
        <source>Confira o cadastro do benefício no painel do BonifiQ.</source>
        <translation>Check how the reward is set up in the BonifiQ panel.</translation>
    </message>
    <message>
        <source>Desfazendo o benefício…</source>
        <translation>Undoing the reward…</translation>
    </message>
    <message>
        <source>A venda pode ser mudada assim que o BonifiQ confirmar.</source>
        <translation>The sale can be changed as soon as BonifiQ confirms it.</translation>
    </message>
    <message>
        <source>Benefício desfeito: voltou para o cliente.</source>
        <translation>Reward undone: the customer has it back.</translation>
    </message>
    <message>
        <source>A venda pode ser mudada.</source>
        <translation>The sale can be changed.</translation>
    </message>
    <message>
        <source>Registre a venda sem ele, ou use o benefício quando a conexão voltar.</source>
        <translation>Register the sale without it, or use the reward when the connection is back.</translation>
    </message>
    <message>
        <source>O BonifiQ desta loja não oferece benefícios no caixa.</source>
        <translation>This shop&apos;s BonifiQ offers no rewards at the till.</translation>
    </message>
    <message>
        <source>Registre a venda sem benefício.</source>
        <translation>Register the sale without a reward.</translation>
    </message>
    <message>
        <source>Este caixa não conhece o benefício desta venda.</source>
        <translation>This till does not know the reward of this sale.</translation>
    </message>
    <message>
        <source>Confira no Histórico (F4).</source>
        <translation>Check the History (F4).</translation>
    </message>
    <message>
        <source>A venda com este benefício já está registrada.</source>
        <translation>The sale with this reward is already registered.</translation>
    </message>
    <message>
        <source>O benefício fica com ela. Confira no Histórico (F4).</source>
        <translation>The reward stays with it. Check the History (F4).</translation>
    </message>
    <message>
        <source>O benefício desta venda foi desfeito, ou está sendo.</source>
        <translation>The reward of this sale was undone, or is being undone.</translation>
    </message>
    <message>
        <source>Espere terminar e registre a venda sem ele, ou use outro.</source>
        <translation>Wait until that is done and register the sale without it, or use another one.</translation>
    </message>
    <message>
        <source>O benefício não pode ir nesta venda.</source>
        <translation>The reward cannot go into this sale.</translation>
    </message>
    <message>
        <source>Desfaça o benefício (F5) e registre a venda sem ele, ou use de novo.</source>
        <translation>Undo the reward (F5) and register the sale without it, or use it again.</translation>
    </message>
</context>
<context>
    <name>sales</name>
    <message>
        <source>Venda registrada como cancelada no BonifiQ.</source>
        <translation>Sale registered at BonifiQ as cancelled.</translation>
    </message>
    <message>
        <source>Ela não dá pontos nem cashback.</source>
        <translation>It gives no points and no cashback.</translation>
    </message>
    <message>
        <source>Quando for paga, consulte o pedido {0} (F2) e aperte “Concluir a venda”.</source>
        <translation>Once it is paid, look order {0} up (F2) and press “Complete the sale”.</translation>
    </message>
    <message>
        <source>Venda registrada como pendente no BonifiQ.</source>
        <translation>Sale registered at BonifiQ as pending.</translation>
    </message>
    <message>
        <source>Ela ainda não dá pontos nem cashback.</source>
        <translation>It gives no points and no cashback yet.</translation>
    </message>
    <message>
        <source>O BonifiQ já tem esta venda.</source>
        <translation>BonifiQ has this sale already.</translation>
    </message>
    <message>
        <source>Venda {0} concluída no BonifiQ.</source>
        <translation>Sale {0} completed at BonifiQ.</translation>
    </message>
    <message>
        <source>Venda registrada no BonifiQ.</source>
        <translation>Sale registered at BonifiQ.</translation>
    </message>
    <message>
        <source>A conclusão desta venda estava confirmada, e agora o BonifiQ mostra a venda pendente. O cliente pode estar sem os pontos.</source>
        <translation>The completion of this sale was confirmed, and now BonifiQ shows the sale pending. The customer may be without the points.</translation>
    </message>
    <message>
        <source>A conclusão desta venda está fechada como não feita, e o BonifiQ mostra a venda concluída. O cliente pode ter ganhado os pontos.</source>
        <translation>The completion of this sale is closed as not done, and BonifiQ shows the sale completed. The customer may have got the points.</translation>
    </message>
</context>
<context>
    <name>shop</name>
    <message>
        <source>Com este token, o BonifiQ não mostra nenhum dos últimos pedidos deste caixa.</source>
        <translation>With this token, BonifiQ shows none of this till&apos;s latest orders.</translation>
    </message>
    <message>
        <source>Nada foi salvo nem enviado.</source>
        <translation>Nothing was saved or sent.</translation>
    </message>
    <message>
        <source>Confira o token e a chave. Se for outra loja, salve de novo e escolha “Outra loja”.</source>
        <translation>Check the token and the key. If it is another shop, save again and choose “Another shop”.</translation>
    </message>
    <message>
        <source>Este token é novo neste caixa: falta dizer de que loja ele é.</source>
        <translation>This token is new at this till: say which shop it belongs to.</translation>
    </message>
    <message>
        <source>O responsável diz isso em Ajustes (F9), em “Salvar ajustes”.</source>
        <translation>The person in charge says so in Settings (F9), with “Save settings”.</translation>
    </message>
    <message>
        <source>De que loja é este token?</source>
        <translation>Which shop does this token belong to?</translation>
    </message>
    <message>
        <source>Mesma loja, chave nova</source>
        <translation>Same shop, new key</translation>
    </message>
    <message>
        <source>Outra loja</source>
        <translation>Another shop</translation>
    </message>
    <message>
        <source>Voltar</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>Este caixa já registrou operações com outro token. Nada foi salvo ainda.</source>
        <translation>This till has registered operations with another token. Nothing was saved yet.</translation>
    </message>
    <message>
        <source>Mesma loja: o que está pendente segue com a chave nova. Antes, um pedido recente deste caixa é consultado com ela, para ter certeza.</source>
        <translation>Same shop: what is pending goes on with the new key. First, a recent order of this till is looked up with it, to be sure.</translation>
    </message>
    <message>
        <source>Outra loja: o que está pendente é da loja de antes e espera até ela voltar; nada dele é enviado.</source>
        <translation>Another shop: what is pending belongs to the shop before and waits until that one is back; nothing of it is sent.</translation>
    </message>
    <message>
        <source>caixa {0}</source>
        <translation>till {0}</translation>
    </message>
    <message>
        <source>Outros caixas: nada ainda</source>
        <translation>Other tills: nothing yet</translation>
    </message>
    <message>
        <source>Outros caixas: {0}</source>
        <translation>Other tills: {0}</translation>
    </message>
    <message>
        <source>Só o que este caixa fez, sem os outros caixas da loja.</source>
        <translation>Only what this till did, without the shop&apos;s other tills.</translation>
    </message>
    <message>
        <source>ainda sem troca</source>
        <translation>nothing exchanged yet</translation>
    </message>
    <message>
        <source>Banco da loja: {0}</source>
        <translation>Shop database: {0}</translation>
    </message>
    <message>
        <source>sem resposta, visto {0}</source>
        <translation>no answer, last {0}</translation>
    </message>
    <message>
        <source>parado (F9)</source>
        <translation>stopped (F9)</translation>
    </message>
    <message>
        <source>Este caixa ainda não viu o que os outros caixas fizeram.</source>
        <translation>This till has not seen yet what the other tills did.</translation>
    </message>
    <message>
        <source>Uma devolução feita em outro caixa não aparece aqui.</source>
        <translation>A refund made at another till does not appear here.</translation>
    </message>
    <message>
        <source>Sem notícia dos outros caixas desde {0}.</source>
        <translation>No news of the other tills since {0}.</translation>
    </message>
    <message>
        <source>O que eles fizeram depois disso não aparece aqui: o valor pode ser menor.</source>
        <translation>What they did after that does not appear here: less may be left to refund.</translation>
    </message>
    <message>
        <source>Antes de devolver, pergunte se outro caixa já mexeu neste pedido.</source>
        <translation>Before you refund, ask whether another till has worked on this order.</translation>
    </message>
    <message>
        <source>Uma devolução deste pedido pode faltar aqui: o valor pode ser menor.</source>
        <translation>A refund of this order may be missing here: less may be left to refund.</translation>
    </message>
    <message>
        <source>Não se sabe se já terminou: este caixa ainda não falou com o banco da loja.</source>
        <translation>Whether it has finished is not known: this till has not reached the shop database yet.</translation>
    </message>
    <message>
        <source>Não se sabe se já terminou: este caixa não fala com o banco da loja {0}.</source>
        <translation>Whether it has finished is not known: this till last reached the shop database {0}.</translation>
    </message>
    <message>
        <source>O {0} deu notícia {1}.</source>
        <translation>Last news of {0}: {1}.</translation>
    </message>
    <message>
        <source>Sem notícia do {0} {1}.</source>
        <translation>No news of {0} since then: the last was {1}.</translation>
    </message>
    <message>
        <source>O {0} está com este pedido: {1} de {2}, {3}.</source>
        <translation>The order is with {0}: {1} of {2}, {3}.</translation>
    </message>
    <message>
        <source>Começou: {0}.</source>
        <translation>Begun: {0}.</translation>
    </message>
    <message>
        <source>Espere terminar lá.</source>
        <translation>Wait until it ends there.</translation>
    </message>
    <message>
        <source>Uma pessoa precisa decidir lá.</source>
        <translation>A person has to decide there.</translation>
    </message>
    <message>
        <source>Se aquele caixa parou, aperte “Assumir o pedido”.</source>
        <translation>If that till has stopped, press “Take the order over”.</translation>
    </message>
    <message>
        <source>Registrado neste PC; nada foi enviado ainda.</source>
        <translation>Registered on this PC; nothing was sent yet.</translation>
    </message>
    <message>
        <source>{0} de {1}: esperando outro caixa, que está com este pedido.</source>
        <translation>{0} of {1}: waiting for another till, which has this order.</translation>
    </message>
    <message>
        <source>Segue sozinho quando o outro caixa terminar. Não registre de novo.</source>
        <translation>It goes on by itself when the other till has finished. Do not register it again.</translation>
    </message>
    <message>
        <source>Outro caixa mexeu neste pedido depois deste registro, e o que ficou pode não bastar; nada foi enviado.</source>
        <translation>Another till worked on this order after this was registered, and what remains may not be enough; nothing was sent.</translation>
    </message>
    <message>
        <source>Outro caixa assumiu este pedido enquanto ainda não se sabia se este registro tinha valido.</source>
        <translation>Another till took this order over before it was known whether this was applied.</translation>
    </message>
    <message>
        <source>O responsável pede um arquivo e um código novos, sai do banco da loja e volta a entrar.</source>
        <translation>The manager asks for a new file and code, leaves the shop database and joins again.</translation>
    </message>
    <message>
        <source>Chame o suporte e diga o código desta mensagem.</source>
        <translation>Call the support and tell the code of this message.</translation>
    </message>
    <message>
        <source>O {0} usa uma versão mais nova do programa.</source>
        <translation>A newer version of the program is in use at {0}.</translation>
    </message>
    <message>
        <source>O banco da loja é de uma versão mais nova do programa.</source>
        <translation>The shop database is of a newer version of the program.</translation>
    </message>
    <message>
        <source>O banco da loja não responde.</source>
        <translation>The shop database does not answer.</translation>
    </message>
    <message>
        <source>Confira a rede e o computador do banco da loja. A troca volta sozinha.</source>
        <translation>Check the network and the shop database&apos;s computer. The exchange comes back by itself.</translation>
    </message>
    <message>
        <source>O certificado do banco da loja não pôde ser confirmado.</source>
        <translation>The shop database&apos;s certificate could not be confirmed.</translation>
    </message>
    <message>
        <source>Confira a data e a hora deste PC. Se estão certas, chame o suporte.</source>
        <translation>Check this PC&apos;s date and time. If they are right, call the support.</translation>
    </message>
    <message>
        <source>O banco da loja não aceitou a senha deste caixa.</source>
        <translation>The shop database did not accept this till&apos;s password.</translation>
    </message>
    <message>
        <source>O cofre de senhas deste computador não abre a senha do banco da loja.</source>
        <translation>This computer&apos;s password store does not open the shop database&apos;s password.</translation>
    </message>
    <message>
        <source>Desbloqueie o cofre e abra o programa de novo. Se o caixa mudou de computador, o responsável pede um arquivo e um código novos, sai do banco da loja e volta a entrar.</source>
        <translation>Unlock it and open the program again. If the till moved to another computer, the manager asks for a new file and code, leaves the shop database and joins again.</translation>
    </message>
    <message>
        <source>Este caixa foi retirado do banco da loja.</source>
        <translation>This till was removed from the shop database.</translation>
    </message>
    <message>
        <source>O banco da loja conhece outro histórico com o nome deste caixa.</source>
        <translation>The shop database knows another history under this till&apos;s name.</translation>
    </message>
    <message>
        <source>Falta no banco da loja uma parte do histórico deste caixa.</source>
        <translation>The shop database lacks a part of this till&apos;s history.</translation>
    </message>
    <message>
        <source>Atualize o programa neste caixa.</source>
        <translation>Update the program at this till.</translation>
    </message>
    <message>
        <source>O endereço leva a um banco de dados que não é o da loja.</source>
        <translation>The address leads to a database that is not the shop&apos;s.</translation>
    </message>
    <message>
        <source>Confira o endereço com quem preparou o banco da loja.</source>
        <translation>Check the address with the person who set the shop database up.</translation>
    </message>
    <message>
        <source>O banco da loja recusou a troca.</source>
        <translation>The shop database refused the exchange.</translation>
    </message>
    <message>
        <source>Nada mudou neste caixa.</source>
        <translation>Nothing changed at this till.</translation>
    </message>
    <message>
        <source>O código não abre este arquivo.</source>
        <translation>The code does not open this file.</translation>
    </message>
    <message>
        <source>Confira as 20 letras. Cada arquivo tem o seu código.</source>
        <translation>Check the 20 letters. Each file has its own code.</translation>
    </message>
    <message>
        <source>Este arquivo já foi usado: ele vale uma vez só.</source>
        <translation>This file was used already: it works only once.</translation>
    </message>
    <message>
        <source>Este caixa continua atendendo e vê os outros. Eles não veem o que ele faz.</source>
        <translation>This till goes on working and sees the others. They do not see what it does.</translation>
    </message>
    <message>
        <source>Pergunte lá se já terminou.</source>
        <translation>Ask there whether it has finished.</translation>
    </message>
    <message>
        <source>Ainda não se sabe se valeu: o envio não se repete enquanto o outro caixa não termina.</source>
        <translation>It is not known yet whether it was applied: it is not sent again until the other till has finished.</translation>
    </message>
    <message>
        <source>Este caixa continua atendendo, mas não vê o que o {0} faz.</source>
        <translation>This till goes on working, but does not see what is done at {0}.</translation>
    </message>
    <message>
        <source>Este caixa continua atendendo. Os outros não veem o que ele faz, e ele não vê os outros.</source>
        <translation>This till goes on working. The others do not see what it does, and it does not see the others.</translation>
    </message>
    <message>
        <source>Confira a rede e o computador do banco da loja, e aperte “Entrar” de novo. O arquivo ainda vale.</source>
        <translation>Check the network and the shop database&apos;s computer, and press “Join” again. The file is still valid.</translation>
    </message>
    <message>
        <source>O responsável aperta “Começar de novo” em Ajustes (F9), Banco da loja; nenhum registro se perde.</source>
        <translation>The manager presses “Begin anew” in Settings (F9), Shop database; no record is lost.</translation>
    </message>
    <message>
        <source>Peça um arquivo e um código novos a quem fez estes.</source>
        <translation>Ask the person who made these for a new file and code.</translation>
    </message>
    <message>
        <source>O arquivo não foi achado, ou não serve para entrar no banco da loja.</source>
        <translation>The file was not found, or it cannot be used to join the shop database.</translation>
    </message>
    <message>
        <source>Veja se o pen drive está no lugar, e escolha o arquivo que veio com o código.</source>
        <translation>See whether the USB stick is in place, and choose the file that came with the code.</translation>
    </message>
    <message>
        <source>Este arquivo não vale mais: passaram 24 horas, ou outro convite o substituiu.</source>
        <translation>This file is no longer valid: 24 hours have passed, or another invitation replaced it.</translation>
    </message>
    <message>
        <source>Nada mudou.</source>
        <translation>Nothing changed.</translation>
    </message>
    <message>
        <source>O arquivo deste convite não serve.</source>
        <translation>This invitation&apos;s file does not work.</translation>
    </message>
    <message>
        <source>Este é o nome deste caixa.</source>
        <translation>This is the name of this till.</translation>
    </message>
    <message>
        <source>Dê outro nome ao caixa novo.</source>
        <translation>Give the new till another name.</translation>
    </message>
    <message>
        <source>Já há um caixa com este nome no banco da loja.</source>
        <translation>The shop database already has a till of this name.</translation>
    </message>
    <message>
        <source>Dê outro nome. Se outro computador toma o lugar dele, marque isso e convide de novo.</source>
        <translation>Give another name. If another computer takes its place, tick that and invite again.</translation>
    </message>
    <message>
        <source>Já existe um arquivo com este nome.</source>
        <translation>A file of this name already exists.</translation>
    </message>
    <message>
        <source>Escolha outro nome para o arquivo.</source>
        <translation>Choose another name for the file.</translation>
    </message>
    <message>
        <source>O arquivo não pôde ser gravado nesse lugar.</source>
        <translation>The file could not be written in that place.</translation>
    </message>
    <message>
        <source>Escolha outra pasta, ou veja se o pen drive aceita gravação e tem espaço.</source>
        <translation>Choose another folder, or see whether the USB stick can be written and has room.</translation>
    </message>
    <message>
        <source>A chave da loja não pode ser aberta neste caixa.</source>
        <translation>The shop&apos;s key cannot be opened at this till.</translation>
    </message>
    <message>
        <source>Convide de outro caixa da loja, ou chame o suporte.</source>
        <translation>Invite from another till of the shop, or call the support.</translation>
    </message>
    <message>
        <source>O banco de dados não aceitou este usuário ou esta senha.</source>
        <translation>The database did not accept this user or this password.</translation>
    </message>
    <message>
        <source>Confira os dois: são do administrador do banco de dados, não do BonifiQ.</source>
        <translation>Check both: they are the database administrator&apos;s, not BonifiQ&apos;s.</translation>
    </message>
    <message>
        <source>Este usuário do banco de dados não pode incluir caixas.</source>
        <translation>This user of the database may not add tills.</translation>
    </message>
    <message>
        <source>Use o usuário que preparou o banco da loja.</source>
        <translation>Use the user that set the shop database up.</translation>
    </message>
    <message>
        <source>O endereço leva a um banco de dados que não tem esta loja.</source>
        <translation>The address leads to a database without this shop.</translation>
    </message>
    <message>
        <source>Confira a rede e o computador do banco da loja, e convide de novo.</source>
        <translation>Check the network and the shop database&apos;s computer, and invite again.</translation>
    </message>
    <message>
        <source>O banco da loja recusou o convite.</source>
        <translation>The shop database refused the invitation.</translation>
    </message>
    <message>
        <source>O banco da loja parou de responder no meio do convite.</source>
        <translation>The shop database stopped answering during the invitation.</translation>
    </message>
    <message>
        <source>Convide de novo, com o mesmo nome.</source>
        <translation>Invite again, with the same name.</translation>
    </message>
</context>
<context>
    <name>slips</name>
    <message>
        <source>não pode ser lido</source>
        <translation>cannot be read</translation>
    </message>
    <message>
        <source>é grande demais</source>
        <translation>is too large</translation>
    </message>
    <message>
        <source>não está em UTF-8</source>
        <translation>is not UTF-8</translation>
    </message>
    <message>
        <source>tem um nome entre chaves que não existe</source>
        <translation>has a name in braces that does not exist</translation>
    </message>
    <message>
        <source>não tem a linha da situação, {status}</source>
        <translation>lacks the line of the state, {status}</translation>
    </message>
    <message>
        <source>não é uma imagem PNG inteira</source>
        <translation>is not a whole PNG picture</translation>
    </message>
    <message>
        <source>{0} {1}: o comprovante sai sem ele.</source>
        <translation>{0} {1}: the slip comes without it.</translation>
    </message>
    <message>
        <source>{0} {1}: vale o modelo do programa.</source>
        <translation>{0} {1}: the program’s own template is used.</translation>
    </message>
</context>
<context>
    <name>stopped</name>
    <message>
        <source>Registrado neste PC, ainda não enviado.</source>
        <translation>Registered on this PC, not sent yet.</translation>
    </message>
    <message>
        <source>O envio está parado: o BonifiQ não aceitou o token e a chave. O responsável precisa conferi-los em Ajustes (F9); depois segue sozinho. Não registre de novo.</source>
        <translation>Sending is stopped: BonifiQ did not accept the token and key. The person responsible must check them in Settings (F9); then it goes on by itself. Do not register it again.</translation>
    </message>
    <message>
        <source>O envio está parado: faltam o token e a chave. O responsável precisa digitá-los em Ajustes (F9); depois segue sozinho. Não registre de novo.</source>
        <translation>Sending is stopped: the token and key are missing. The person responsible must type them in Settings (F9); then it goes on by itself. Do not register it again.</translation>
    </message>
    <message>
        <source>O envio a {0} está parado: a chave não foi aceita. O responsável precisa conferi-la em Ajustes (F9); depois segue sozinho. Não registre de novo nem pague na gaveta.</source>
        <translation>Sending to {0} is stopped: the key was not accepted. The manager must check it in Settings (F9); then it goes on by itself. Do not register it again or pay from the drawer.</translation>
    </message>
</context>
</TS>
